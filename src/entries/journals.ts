import { USUAL_LIMIT } from '../bytes/meter.ts'
import type { Stream } from '../bytes/stdin.ts'
import { type JournalInput, type JournalSet, readJournals } from '../formats/journal-file/directory.ts'
import type { JournalEntry } from '../formats/journal-file/entry.ts'
import type { Account } from '../formats/journal-file/reader.ts'
import type { Problem } from '../problems/problem.ts'
import { type Found, gather } from '../where/gather.ts'

/** How many first bytes of a file are looked at to tell a journal. */
const HEAD = 4096

/** The native journals at some paths, held open to be read as one, more than once if need be. */
export class Journals {
  /** What lies there and is no journal, or could not be opened. */
  readonly problems: { path: string; problem: Problem }[] = []
  private readonly files: JournalInput[] = []
  private readonly open: AsyncGenerator<Found>[] = []
  private accounts = new Map<string, Account>()

  static async at(paths: readonly string[], stdin?: Stream): Promise<Journals> {
    const journals = new Journals()
    for (const path of paths) await journals.add(path, stdin)
    return journals
  }

  /** All entries, in order, each once. */
  entries(): Iterable<JournalEntry> {
    const set: JournalSet = readJournals(this.files.map(({ path, source }) => ({ path, source: { ...source, close: () => {} } })))
    this.accounts = set.accounts
    return set.entries
  }

  get count(): number {
    return this.files.length
  }

  /** What is to be said of them on standard error, and whether anything is missing. */
  told(): { complete: boolean; complaints: string[] } {
    const told = this.problems.map(({ path, problem }) => sentence(path, problem))
    let complete = this.problems.length === 0
    for (const [path, account] of this.accounts) {
      if (!account.complete) complete = false
      told.push(...account.problems.map(problem => sentence(path, problem)))
      if (account.complete && account.recovered === 0) continue
      const lost = account.lost === null ? 'an unknown number' : account.lost
      told.push(`${path}: ${account.byChain} entries read by the file's own list, ${account.recovered} recovered, ${lost} lost`)
    }
    return { complete, complaints: told }
  }

  async close(): Promise<void> {
    for (const found of this.open) await found.return(undefined)
  }

  /** What a path holds stays open for as long as its generator rests where it handed the journals over. */
  private async add(path: string, stdin: Stream | undefined): Promise<void> {
    const found = gather([path], { head: HEAD, limit: USUAL_LIMIT, site: () => {}, ...(stdin && { stdin }) })
    for (let next = await found.next(); !next.done; next = await found.next()) {
      const one = next.value
      if (one.kind === 'journals') {
        this.files.push(...one.files)
        this.open.push(found)
        return
      }
      if (one.kind === 'unread') this.problems.push(...one.problems.map(problem => ({ path: one.label, problem })))
      else {
        await one.headed.stop()
        if (!one.maybe && one.path === path) this.problems.push({ path, problem: { message: 'is no journal file' } })
      }
    }
  }
}

function sentence(path: string, { message, offset }: Problem): string {
  return `${path === '-' ? 'standard input' : path}${offset === undefined ? '' : ` at byte ${offset}`}: ${message}`
}
