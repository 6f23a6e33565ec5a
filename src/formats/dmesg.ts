import { kernelText } from './kernel-line.ts'
import { lineForm } from './lines.ts'
import { civil, monthOf, num } from './stamp.ts'

/**
 * The kernel's buffer: dmesg, serial consoles, pstore.
 *
 *     [  161.003113] systemd[1]: …                 dmesg; also with the caller's id, [    T1]
 *     daemon:err   : [  161.003113] systemd[1]: …  dmesg -x
 *     [Mon Mar  2 02:30:41 2026] systemd[1]: …     dmesg -T (off after a suspend)
 *     [  +0.000013] systemd[1]: …                  dmesg -d: no time can be had from it
 */
export const dmesg = lineForm({
  name: 'dmesg',
  about: 'dmesg, kernel lines of a serial console',
  example: `[    0.000000] Linux version 6.1.0-18-amd64
[  161.003113] systemd[1]: Failed to allocate manager object: No medium found
daemon:err   : [  161.003200] systemd[1]: Freezing execution.
[  162.217371][    T1] systemd[1]: segfault at 8150 ip 000055bc8a50163a sp 00007ffd80213240 error 4 in systemd[55bc8a41b000+144000]
`,
  continues: false,
  head(line) {
    const match = STAMP.exec(line)
    if (!match) return null
    const draft = kernelText(line.slice(match[0].length))
    const [, seconds, fraction, , month, day, hour, minute, second, year] = match
    if (seconds !== undefined) draft.mono = Number(seconds) * 1e6 + Number((fraction ?? '').slice(0, 6).padEnd(6, '0'))
    // dmesg -T prints the machine's local time and no zone.
    if (month !== undefined) draft.civil = civil(num(year), monthOf(month), num(day), num(hour), num(minute), num(second))
    return draft
  },
})

const MONO = String.raw`(\d+)\.(\d{3,9})`
const WALL = String.raw`([^\s\d]{2,4}) ([^\s\d]{3,5}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})`
const STAMP = new RegExp(`^(?:\\w{3,8} *:\\w{3,7} *: ?)?\\[ *(?:${MONO}|${WALL}|[+<] *\\d+\\.\\d+>?)\\](?:\\[ *[TC]\\d+\\])? ?`)
