import type { JournalEntry } from '../../../src/formats/journal-file/entry.ts'
import { entriesOf } from './samples.ts'

/** What an undamaged file holds, to hold a damaged copy's reading against. */
export class Truth {
  private readonly byOffset = new Map<number, { entry: JournalEntry; fields: Set<string> }>()

  constructor(bytes: Buffer) {
    for (const entry of entriesOf(bytes).entries)
      this.byOffset.set(entry.offset, { entry, fields: new Set(entry.data.map(fieldOf)) })
  }

  get count(): number {
    return this.byOffset.size
  }

  /** What is shown of an entry and is not so. Clocks that were said to be doubtful, or are off by less than their jitter, are not shown as true. */
  wrong(entry: JournalEntry): string[] {
    const true_ = this.byOffset.get(entry.offset)
    if (!true_) return [`an entry at byte ${entry.offset} that is none`]
    const wrong = entry.data.map(fieldOf).filter(field => !true_.fields.has(field))
    for (const name of ['seqnum', 'realtime', 'monotonic'] as const) {
      if (entry.doubtful.includes(name)) continue
      if (Math.abs(entry[name] - true_.entry[name]) > (name === 'seqnum' ? 0 : 8)) wrong.push(`${name} ${entry[name]}`)
    }
    if (entry.boot !== true_.entry.boot) wrong.push(`boot ${entry.boot}`)
    if (wrong.length > 0) return wrong.map(each => `${each} at byte ${entry.offset}`)
    return entry.missing === 0 && entry.data.length !== true_.entry.data.length
      ? [`fields are missing at byte ${entry.offset}`]
      : []
  }
}

function fieldOf({ name, value }: JournalEntry['data'][number]): string {
  return `${name}=${value.toString('latin1')}`
}
