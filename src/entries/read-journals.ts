import { readJournals } from '../formats/journal-file/directory.ts'
import { draftOfEntry } from '../formats/journal-file/draft.ts'
import type { Input } from '../report/report.ts'
import type { OpenJournals } from '../where/gather.ts'
import type { Entry } from './entry.ts'
import type { Maker } from './maker.ts'
import type { Session } from './session.ts'

/** Entries delivered at a time. */
const BATCH = 1024

/** Journal files of one place, read as one journal, in journalctl's order. */
export async function* entriesOfJournals(session: Session, { files, host, rank }: OpenJournals): AsyncGenerator<Entry[]> {
  const glanced = session.options.glance?.(files) ?? null
  if (glanced) session.inPart = true
  const { entries, accounts } = glanced ?? readJournals(files)
  const inputs = new Map(files.map(({ path, source }) => [path, open(session, path, source.size, host)]))
  session.begin(rank)
  let batch: Entry[] = []
  for (const found of entries) {
    const target = inputs.get(found.file.path)
    const entry =
      target && session.take(target.input, target.maker, { draft: draftOfEntry(found), line: null, offset: found.offset })
    if (!entry) continue
    batch.push(entry)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
    await session.breathe(found.offset)
  }
  if (batch.length > 0) yield batch
  for (const [path, { input, maker }] of inputs) {
    for (const group of glanced?.groups.get(path) ?? []) {
      maker.count(group, session.counter.seq++)
      input.entries += group.entries
    }
    session.ended(input)
    const account = accounts.get(path)
    if (!account) continue
    input.recovered = account.recovered
    input.lost = account.lost
    input.complete = account.complete
    input.problems.push(...account.problems)
  }
}

function open(session: Session, path: string, size: number, host: string | null): { input: Input; maker: Maker } {
  const input = session.register.open(path)
  input.format = 'journal-file'
  input.bytes = size
  return { input, maker: session.register.maker(path, null, host) }
}
