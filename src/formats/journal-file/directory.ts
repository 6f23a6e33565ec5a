import type { ByteSource } from '../../bytes/source.ts'
import { InputError } from '../../problems/problem.ts'
import type { JournalEntry } from './entry.ts'
import { JournalFile } from './file.ts'
import { MAGIC, readHeader } from './header.ts'
import { Lane, lanesOf, type Sequence, type Span } from './lane.ts'
import { merged } from './merge.ts'
import { type Account, JournalReader } from './reader.ts'

/** One journal file, wherever its bytes come from. */
export interface JournalInput {
  path: string
  /** Closed when it is read. */
  source: ByteSource
}

/** Whether these first bytes begin a journal file. */
export function isJournalFile(head: Uint8Array): boolean {
  return Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, MAGIC.length)).toString('latin1') === MAGIC
}

/** Bytes of pages kept: of a file, and of all that are read side by side. */
const LEAST_CACHE = 32 * 1024
const MOST_CACHE = 8 << 20
const ALL_CACHES = 64 << 20

export interface JournalSet {
  /** All entries of all files in journalctl's order, each once. */
  entries: Iterable<JournalEntry>
  /** What was read of each file; filled when its entries are through. */
  accounts: Map<string, Account>
}

/** Reads any number of journal files as one journal. */
export function readJournals(inputs: readonly JournalInput[]): JournalSet {
  const accounts = new Map<string, Account>()
  const fail = (path: string, error: unknown) => {
    if (!(error instanceof InputError)) throw error
    const account = accounts.get(path) ?? { byChain: 0, recovered: 0, lost: null, complete: false, problems: [] }
    account.problems.push({ message: error.message })
    accounts.set(path, Object.assign(account, { complete: false, lost: null }))
  }
  const looked = inputs.map(input => ({ input, span: spanOf(input, fail) })).filter(({ input }) => !accounts.has(input.path))
  const laid = lanesOf(looked, each => each.span)
  const cacheSize = Math.max(LEAST_CACHE, Math.min(MOST_CACHE, Math.floor(ALL_CACHES / laid.length)))
  const begin = (input: JournalInput) => () => sequence(input, accounts, fail, cacheSize)
  const lanes = laid.map(files => new Lane(files.map(({ input }) => begin(input))))
  return { entries: merged(lanes), accounts }
}

function spanOf({ path, source }: JournalInput, fail: (path: string, error: unknown) => void): Span | null {
  try {
    const header = readHeader(source)
    if (!header || header.entries === 0 || header.headSeqnum > header.tailSeqnum) return null
    return { counter: header.seqnumId, first: header.headSeqnum, last: header.tailSeqnum }
  } catch (error) {
    fail(path, error)
    return null
  }
}

function sequence(
  { path, source }: JournalInput,
  accounts: Map<string, Account>,
  fail: (path: string, error: unknown) => void,
  cacheSize: number,
): Sequence {
  let reader: JournalReader | null = null
  return {
    next() {
      try {
        if (!reader) {
          reader = new JournalReader(new JournalFile(path, source, cacheSize))
          accounts.set(path, reader.account)
        }
        return reader.next()
      } catch (error) {
        fail(path, error)
        return null
      }
    },
    close: () => source.close(),
  }
}
