import { textOf } from '../datum.ts'
import { type JournalEntry, lastOf } from '../entry.ts'
import type { PrintLook } from './form.ts'

/** Stamp, host, identifier, PID, message: the line of all short forms (systemd v252 src/shared/logs-show.c, output_short). */
export function lineOf(entry: JournalEntry, stamp: string, look: PrintLook): string {
  const message = lastOf(entry, 'MESSAGE')
  if (!message) return ''
  const text = (name: string): string | undefined => {
    const datum = lastOf(entry, name)
    return datum && textOf(datum)
  }
  const host = look.hostname ? text('_HOSTNAME') : undefined
  const ident = text('SYSLOG_IDENTIFIER') ?? text('_COMM') ?? 'unknown'
  const pid = text('_PID') ?? text('SYSLOG_PID')
  const head = `${stamp}${host === undefined ? '' : ` ${host}`} ${ident}${pid === undefined ? '' : `[${pid}]`}: `
  return hanging(head, textOf(message))
}

/** A text behind its head; its further lines stand below its first. */
export function hanging(head: string, text: string): string {
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')
  return `${head}${lines.join(`\n${' '.repeat(head.length)}`)}\n`
}
