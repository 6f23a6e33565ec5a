import { cursorOf } from '../entry.ts'
import type { PrintForm } from './form.ts'
import { isPrintable } from './printable.ts'

const LF = 10

/** journalctl's export (systemd's JOURNAL_EXPORT_FORMATS): a value with line ends or other control characters is counted. */
export const exportForm: PrintForm = {
  name: 'export',
  about: 'for backup and transfer, every byte kept',
  write(entry, look) {
    const { realtime, monotonic, boot } = entry
    const head = `__CURSOR=${cursorOf(entry)}\n__REALTIME_TIMESTAMP=${realtime}\n__MONOTONIC_TIMESTAMP=${monotonic}\n_BOOT_ID=${boot}\n`
    const parts: Buffer[] = [Buffer.from(head)]
    for (const { name, value } of entry.data) {
      if (name === '_BOOT_ID' || (look.fields && !look.fields.has(name))) continue
      if (isPrintable(value) && !value.includes(LF)) parts.push(Buffer.from(`${name}=`, 'latin1'), value, END)
      else parts.push(Buffer.from(`${name}\n`, 'latin1'), sizeOf(value), value, END)
    }
    parts.push(END)
    return Buffer.concat(parts)
  },
}

const END = Buffer.from('\n')

/** 8 bytes, little endian. */
function sizeOf(value: Buffer): Buffer {
  const size = Buffer.alloc(8)
  size.writeUInt32LE(value.length)
  return size
}
