import type { Bytes, Headed } from '../../bytes/open.ts'
import type { Form } from '../../formats/form.ts'
import { Reader } from '../../formats/reader.ts'

/** A record of a stream as it lies there, and whose it is; null: it does not say. */
export interface Raw {
  bytes: Buffer
  host: string | null
  /** Where it stands in its log. */
  line: number
  offset: number
  lines: number
}

const OPEN = 123
const CLOSE = 125
const LF = 10
/** No longer a line: a reader cuts it as well. */
const LONG = 1 << 20

/** Records of a stream of text, cut out as they lie: a line each where it is journalctl's JSON, else as a reader of its form tells them apart. */
export function rawRecords(headed: Headed, path: string, only: Form | null): AsyncGenerator<Raw> {
  const { head } = headed
  const end = head.indexOf(LF)
  const first = end === -1 ? null : head.toString('latin1', 0, head[end - 1] === 13 ? end - 1 : end)
  const quick = only === null && first !== null && hostIn(first) !== null
  return quick ? byLine(headed.chunks, path) : byReader(headed.chunks, new Reader(path, only))
}

/** Host of an entry in JSON; null where it must be read to know. Within a string the quotes would be escaped, so this is a field. */
function hostIn(line: string): string | null {
  if (line.charCodeAt(0) !== OPEN || line.charCodeAt(line.length - 1) !== CLOSE) return null
  const at = line.indexOf(FIELD)
  if (at === -1) return null
  const to = line.indexOf('"', at + FIELD.length)
  const host = line.slice(at + FIELD.length, to)
  // Letters beyond ASCII are read as they are meant.
  return /^[\x20-\x5b\x5d-\x7e]+$/.test(host) ? host : null
}

const FIELD = '"_HOSTNAME":"'

async function* byLine(chunks: Bytes['chunks'], path: string): AsyncGenerator<Raw> {
  const reader = new Reader(path, null)
  const heard = (bytes: Buffer): string | null => {
    reader.feed.push(bytes)
    let host: string | null = null
    for (const { draft } of reader) host = draft.host ?? host
    return host
  }
  const cut = (bytes: Buffer, line: number, offset: number): Raw => {
    const text = bytes.toString('latin1', 0, bytes.at(-1) === LF ? bytes.length - (bytes.at(-2) === 13 ? 2 : 1) : bytes.length)
    return { bytes, host: hostIn(text) ?? heard(bytes), line, offset, lines: 1 }
  }
  let rest: Buffer = Buffer.alloc(0)
  let [line, offset] = [1, 0]
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let from = 0
    for (let end = bytes.indexOf(LF); end !== -1 && from < bytes.length; end = bytes.indexOf(LF, from)) {
      yield cut(bytes.subarray(from, end + 1), line++, offset)
      offset += end + 1 - from
      from = end + 1
    }
    rest = bytes.subarray(from)
    if (rest.length <= LONG) continue
    // Goes on where it began, whatever follows.
    yield { bytes: rest, host: null, line, offset, lines: 0 }
    offset += rest.length
    rest = rest.subarray(0, 0)
  }
  if (rest.length > 0) yield cut(rest, line, offset)
}

async function* byReader(chunks: Bytes['chunks'], reader: Reader): AsyncGenerator<Raw> {
  let held: Buffer = Buffer.alloc(0)
  let heldFrom = 0
  /** The record whose end is not known before the next begins; what stands before the first belongs to it. */
  let open = { host: null as string | null, line: 1, offset: 0 }
  let begun = false
  const close = (line: number, offset: number): Raw => {
    const raw = { ...open, bytes: held.subarray(0, offset - heldFrom), lines: line - open.line }
    held = held.subarray(offset - heldFrom)
    heldFrom = offset
    return raw
  }
  const drain = function* (): Generator<Raw> {
    for (const { draft, line, offset } of reader) {
      if (begun && offset > open.offset) {
        yield close(line, offset)
        open = { host: draft.host, line, offset }
      } else open.host = draft.host ?? open.host
      begun = true
    }
  }
  for await (const chunk of chunks) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    reader.feed.push(chunk)
    yield* drain()
  }
  reader.feed.end()
  yield* drain()
  if (held.length > 0) yield close(reader.feed.line, heldFrom + held.length)
}
