import { createHash } from 'node:crypto'

/** Something that is read for an item: a file, an archive, a folder that is a machine's root. */
export interface Source {
  path: string
  /** As it is stored. */
  bytes: number
  /** ns since the epoch, as decimal digits: a file that changed since it was looked at is told. */
  mtime: string
  /** SHA-256 of its content, of an object what its store tells of it; of what could not be read, the reason stands here instead. */
  content: string
  /** Of an object in a store: ETag or generation. Another one is not read. */
  version?: string
}

/** How the logs are read: what of the command line changes an item's result. */
export interface Manner {
  /** Always stated: the same item must say the same on another machine. */
  timezone: string
  year?: number
  inputFormat?: string
  maxExpanded?: number
}

/**
 * All logs of a host, or of several whose lines stand in the same files. One is one line of `fleet plan`; it holds paths, never log bytes.
 * An item is a value: the same logs, tool and rules give the same id, on any machine, and the same result.
 */
export interface Item {
  id: string
  /** What the host is called where no line names one, from where its logs lie. */
  host: string
  /** The user said so (--host-from): whatever the lines say. */
  named: boolean
  /** Sorted by path. */
  inputs: Source[]
  bytes: number
  /** Of streams of many hosts: only those that fall to part `at` of `of`. Null: they are one host's, or small. */
  share: { at: number; of: number } | null
  manner: Manner
  /** Version of the tool, and hash of the rules, for which it was planned. */
  tool: string
  rules: string
}

export function itemOf(parts: Omit<Item, 'id' | 'bytes'>): Item {
  const { host, named, inputs, share, manner, tool, rules } = parts
  const content = [...new Set(inputs.map(input => input.content))].sort()
  const said = JSON.stringify([host, named, content, share, Object.entries(manner).sort(), tool, rules])
  const id = createHash('sha256').update(said).digest('hex').slice(0, 32)
  const bytes = inputs.reduce((sum, input) => sum + input.bytes, 0)
  return { id, ...parts, bytes: Math.round(bytes / (share?.of ?? 1)) }
}

/** Which of `of` shares a host of mixed streams falls to. */
export function shareOf(host: string, of: number): number {
  return hashOf(host).readUInt32BE(0) % of
}

/** Which of `of` parts of its share a host falls to. */
export function partOf(host: string, of: number): number {
  return hashOf(host).readUInt32BE(4) % of
}

const hashOf = (host: string): Buffer => createHash('sha256').update(host).digest()

/** Packed logs expand about this much. */
const EXPANDS = 10

/** Bytes of text that there are about. */
export function expanded(inputs: Item['inputs']): number {
  return inputs.reduce((sum, { path, bytes }) => sum + bytes * (/\.(?:gz|xz|zst|bz2|lz4)$/.test(path) ? EXPANDS : 1), 0)
}
