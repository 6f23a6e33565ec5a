import { Reader } from '../../formats/reader.ts'
import { isNameless } from '../result.ts'

/** Who speaks in a log, as far as its lines tell. */
export interface Voice {
  host: string
  machineId: string | null
  boot: string | null
}

const OPEN = 123
const LF = 10
/** A line that does not end is no line that could be passed over. */
const LONG = 1 << 20

/** Hosts, machines and boots of a log's lines, each once. */
export class Voices {
  readonly hosts = new Set<string>()
  private readonly seen = new Map<string, Voice>()
  private readonly reader: Reader
  private last = ''
  /** The lines are JSON: what their ids say, they say in so many words. */
  private quick: boolean | null = null
  /** Ids of lines that were read, as they stand in them. */
  private readonly heard = new Set<string>()
  /** The beginning of a line whose end has not come. */
  private begun: Buffer = Buffer.alloc(0)

  constructor(path: string) {
    this.reader = new Reader(path, null)
  }

  hear(chunk: Buffer): void {
    this.quick ??= chunk[0] === OPEN
    if (!this.quick) {
      this.read(chunk)
      return
    }
    const bytes = this.begun.length === 0 ? chunk : Buffer.concat([this.begun, chunk])
    let from = 0
    // Lines are handed to the reader in runs, without those that say what others said before.
    let run = 0
    for (let end = bytes.indexOf(LF, from); end !== -1; end = bytes.indexOf(LF, from)) {
      const ids = bytes[from] === OPEN ? idsIn(bytes.toString('latin1', from, end)) : null
      if (ids !== null) {
        // Up to here, or up to this line where it says something new.
        const to = this.heard.has(ids) ? from : end + 1
        if (run < to) this.read(bytes.subarray(run, to))
        run = end + 1
        // A broken line says nothing, whatever stands in it.
        if (this.seen.has(ids)) this.heard.add(ids)
      }
      from = end + 1
    }
    if (run < from) this.read(bytes.subarray(run, from))
    this.begun = bytes.subarray(from)
    if (this.begun.length > LONG) {
      this.read(this.begun)
      this.quick = false
    }
  }

  /** Whole lines from another place of the log. */
  hearApart(lines: Buffer): void {
    this.begun = lines.subarray(0, 0)
    this.hear(lines)
  }

  all(): Voice[] {
    return [...this.seen.values()]
  }

  private read(bytes: Buffer): void {
    this.reader.feed.push(bytes)
    for (const { draft } of this.reader) {
      const { machineId, boot } = draft
      const host = draft.host !== null && !isNameless(draft.host) ? draft.host : ''
      const key = keyOf(host, machineId, boot)
      if (key === this.last || (host === '' && machineId === null && boot === null)) continue
      this.last = key
      this.seen.set(key, { host, machineId, boot })
      if (host !== '') this.hosts.add(host)
    }
  }
}

/**
 * Host, machine and boot of an entry in JSON as they stand there; null where it must be read to know. Within a string the quotes would be
 * escaped, so these are fields.
 */
function idsIn(line: string): string | null {
  const host = fieldOf(line, '"_HOSTNAME":"')
  const boot = fieldOf(line, '"_BOOT_ID":"')
  return host === null || boot === null ? null : keyOf(isNameless(host) ? '' : host, fieldOf(line, '"_MACHINE_ID":"'), boot)
}

const keyOf = (host: string, machineId: string | null, boot: string | null): string =>
  `${host}\0${machineId ?? ''}\0${boot ?? ''}`

function fieldOf(line: string, field: string): string | null {
  const at = line.indexOf(field)
  if (at === -1) return null
  const from = at + field.length
  const to = line.indexOf('"', from)
  const value = line.slice(from, to)
  return to === -1 || value.includes('\\') ? null : value
}
