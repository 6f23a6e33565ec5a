import type { ByteSource } from '../../bytes/source.ts'
import { InputError } from '../../problems/problem.ts'
import { Room } from './data-cache.ts'
import type { JournalEntry } from './entry.ts'
import { JournalFile, type Keeping } from './file.ts'
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
const LEAST_PAGES = 32 * 1024
const MOST_PAGES = 4 << 20
const ALL_PAGES = 16 << 20
/** Where little is kept of each file, little is read at a time. */
const FEW_PAGES = 1 << 19
const SMALL_PAGE = 4096
/** Bytes of data kept of all of them. */
const ALL_DATA = 8 << 20

export interface JournalSet {
  /** All entries of all files in journalctl's order, each once. */
  entries: Iterable<JournalEntry>
  /** What was read of each file; filled when its entries are through. */
  accounts: Map<string, Account>
}

/** Entries of a file that were read before, in its order. */
export interface Ready {
  entries: readonly JournalEntry[]
  account: Account
}

/** Reads any number of journal files as one journal, but for those that are ready. */
export function readJournals(inputs: readonly JournalInput[], ready: ReadonlyMap<string, Ready> = new Map()): JournalSet {
  const accounts = new Map<string, Account>()
  const fail = (path: string, error: unknown) => {
    if (!(error instanceof InputError)) throw error
    const account = accounts.get(path) ?? { byChain: 0, recovered: 0, lost: null, complete: false, problems: [] }
    account.problems.push({ message: error.message })
    accounts.set(path, Object.assign(account, { complete: false, lost: null }))
  }
  const looked = inputs.map(input => ({ input, span: spanOrFail(input, fail) })).filter(({ input }) => !accounts.has(input.path))
  const laid = lanesOf(looked, each => each.span)
  const pages = Math.max(LEAST_PAGES, Math.min(MOST_PAGES, Math.floor(ALL_PAGES / laid.length)))
  const keeping = { pages, ...(pages < FEW_PAGES && { page: SMALL_PAGE }), room: new Room(ALL_DATA / 2) }
  for (const [path, { account }] of ready) accounts.set(path, account)
  const begin = (input: JournalInput) => () => {
    const made = ready.get(input.path)
    return made ? sequenceOf(made.entries, input) : sequence(input, accounts, fail, keeping)
  }
  const lanes = laid.map(files => new Lane(files.map(({ input }) => begin(input))))
  return { entries: merged(lanes), accounts }
}

/** A file's first and last number as its header has them; null where it has none, or they make no sense. */
export function spanOf({ source }: JournalInput): Span | null {
  const header = readHeader(source)
  if (!header || header.entries === 0 || header.headSeqnum > header.tailSeqnum) return null
  return { counter: header.seqnumId, first: header.headSeqnum, last: header.tailSeqnum }
}

function spanOrFail(input: JournalInput, fail: (path: string, error: unknown) => void): Span | null {
  try {
    return spanOf(input)
  } catch (error) {
    fail(input.path, error)
    return null
  }
}

function sequenceOf(entries: readonly JournalEntry[], { source }: JournalInput): Sequence {
  let index = 0
  return { next: () => entries[index++] ?? null, close: () => source.close() }
}

function sequence(
  { path, source }: JournalInput,
  accounts: Map<string, Account>,
  fail: (path: string, error: unknown) => void,
  keeping: Keeping,
): Sequence {
  let reader: JournalReader | null = null
  return {
    next() {
      try {
        if (!reader) {
          reader = new JournalReader(new JournalFile(path, source, keeping))
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
