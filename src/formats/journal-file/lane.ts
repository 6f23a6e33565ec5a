import type { JournalEntry } from './entry.ts'

/** A journal file that is not opened before its turn. */
export interface Sequence {
  next(): JournalEntry | null
  close(): void
}

/** Files whose entries follow one on the other: the archived ones of one journal, and the one that was written last. */
export class Lane {
  /** The entry at the front; null when all are read. */
  front: JournalEntry | null = null
  private sequence: Sequence | null = null

  constructor(private readonly waiting: (() => Sequence)[]) {}

  advance(): JournalEntry | null {
    for (;;) {
      const entry = this.sequence?.next() ?? null
      if (entry) {
        this.front = entry
        return entry
      }
      this.sequence?.close()
      this.sequence = this.waiting.shift()?.() ?? null
      if (!this.sequence) {
        this.front = null
        return null
      }
    }
  }

  close(): void {
    this.sequence?.close()
    this.sequence = null
    this.waiting.length = 0
  }
}

/** A file's first and last number, for laying files that do not overlap one behind the other. */
export interface Span {
  counter: string
  first: number
  last: number
}

/**
 * Puts files into as few lanes as there are files alive at a time: a user's journal shares the system journal's counter and lies beside it,
 * an archived file lies before the next. Ten thousand files of one machine make two or three lanes.
 */
export function lanesOf<Each>(files: readonly Each[], spanOf: (file: Each) => Span | null): Each[][] {
  const lanes: { counter: string | null; last: number; files: Each[] }[] = []
  const spans = files.map(file => ({ file, span: spanOf(file) }))
  spans.sort((a, b) => (a.span?.first ?? 0) - (b.span?.first ?? 0))
  const byCounter = new Map<string, typeof lanes>()
  for (const { file, span } of spans) {
    const alike = span === null ? [] : (byCounter.get(span.counter) ?? [])
    const home = span === null ? undefined : alike.find(lane => lane.last < span.first)
    if (home && span) {
      home.files.push(file)
      home.last = span.last
      continue
    }
    const lane = { counter: span?.counter ?? null, last: span?.last ?? Number.POSITIVE_INFINITY, files: [file] }
    lanes.push(lane)
    if (!span) continue
    if (alike.length === 0) byCounter.set(span.counter, alike)
    alike.push(lane)
  }
  return lanes.map(lane => lane.files)
}
