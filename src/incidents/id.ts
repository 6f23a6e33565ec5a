import { createHash } from 'node:crypto'

/**
 * An incident's name: the same in every form of the log that carries the same evidence, and never made of file names, forms or the order
 * of inputs.
 */
export function incidentId(parts: {
  rule: string
  host: string
  unit: string | null
  alias: string | null
  message: string
  /** µs, UTC */
  time: number | null
}): string {
  const second = parts.time === null ? '' : String(Math.floor(parts.time / 1e6))
  const message = (parts.message.split('\n', 1)[0] ?? '')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const text = [parts.rule, parts.host, parts.unit ?? '', parts.alias ?? '', message, second].join('\0')
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
