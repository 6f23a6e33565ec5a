import { isUtf8 } from 'node:buffer'

/** What journalctl prints as text (systemd v252 src/basic/utf8.c, utf8_is_printable_newline): UTF-8 without control characters but tab and line end. */
export function isPrintable(value: Buffer): boolean {
  let plain = true
  for (let index = 0; index < value.length; index++) {
    const byte = value[index] ?? 0
    if (byte < 32 ? byte !== 9 && byte !== 10 : byte === 127) return false
    if (byte > 127) plain = false
  }
  return plain || (isUtf8(value) && !UNPRINTABLE.test(value.toString('utf8')))
}

/** C1 controls, and the code points that are no characters (unichar_is_valid). */
const UNPRINTABLE = /[\u0080-\u009f\ufdd0-\ufdef\ufffe\uffff]|\p{Noncharacter_Code_Point}/u
