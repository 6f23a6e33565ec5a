import { plain } from '../problems/frame.ts'
import type { Coverage } from './report.ts'

/** `inquest boots`: one boot a line, under its host; the index is what -b takes. */
export function bootTable({ hosts }: Coverage): string {
  let text = ''
  for (const { host, machineId, boots } of hosts) {
    text += `${plain(host)}${machineId === undefined ? '' : ` (${plain(machineId)})`}\n`
    text += `${'INDEX'.padStart(6)}  ${'BOOT ID'.padEnd(32)}  ${'FIRST ENTRY'.padEnd(27)}  ${'LAST ENTRY'.padEnd(27)}  ${'ENTRIES'.padStart(8)}  ${'SYSTEMD'.padEnd(9)}  ENDED\n`
    boots.forEach(({ id, first, last, entries, systemd, ended }, index) => {
      const place = String(index - boots.length + 1).padStart(6)
      text += `${place}  ${plain(id).padEnd(32)}  ${(first ?? '-').padEnd(27)}  ${(last ?? '-').padEnd(27)}  ${String(entries).padStart(8)}  ${(systemd ?? '-').padEnd(9)}  ${ended}\n`
    })
  }
  return text
}
