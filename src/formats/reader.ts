import { Feed } from '../bytes/feed.ts'
import type { Problem } from '../problems/problem.ts'
import { cat } from './cat.ts'
import { clean } from './clean.ts'
import { type Draft, draftOf } from './draft.ts'
import { type Form, type Outcome, PASS, type Scene, SKIP, WAIT } from './form.ts'
import { firstOf } from './lines.ts'
import { pastedHead } from './pasted.ts'
import { forms, innerForms } from './registry.ts'
import { isSeparator } from './separators.ts'

/** A record with its place in the input. */
export interface Record {
  draft: Draft
  form: Form
  line: number
  offset: number
}

/** What was met besides records. */
export interface Tally {
  problems: Problem[]
  /** Records known to be gone. */
  lost: number
  /** Some are gone, nobody knows how many. */
  lostUnknown: boolean
  recovered: number
  /** Something is missing: the silence of this input proves nothing. */
  damaged: boolean
}

/** More problems than this are counted, not kept. */
const MOST_PROBLEMS = 50

/**
 * Turns bytes into records. The form of the last record is tried first, then every other: logs are pasted together, and a console
 * holds two or three forms at once.
 */
export class Reader implements Scene {
  readonly feed: Feed
  readonly tally: Tally = { problems: [], lost: 0, lostUnknown: false, recovered: 0, damaged: false }
  boot: string | null = null
  bootBegins = false
  host: string | null = null
  memory = new Map<string, unknown>()
  /** Problems beyond MOST_PROBLEMS. */
  private untold = 0
  private current: Form | null = null
  private used: Form = cat
  private begun: { line: number; offset: number } | null = null

  constructor(
    readonly path: string,
    private readonly only: Form | null,
    at?: { offset: number; line: number },
  ) {
    this.feed = new Feed(at)
  }

  /** Where this reader stands, for another to go on from. */
  copyFrom(other: Reader): void {
    this.boot = other.boot
    this.bootBegins = other.bootBegins
    this.host = other.host
    this.memory = new Map(other.memory)
    this.current = other.current
  }

  /** The form of the records here, where nothing but another record of it is expected; null in the middle of anything. */
  get steady(): Form | null {
    return this.feed.idle && !this.bootBegins ? this.current : null
  }

  /** The records of what has arrived so far. */
  *[Symbol.iterator](): Generator<Record> {
    for (let record = this.next(); record; record = this.next()) yield record
  }

  /** The next record; null where more bytes are needed, or all are read. */
  next(): Record | null {
    for (;;) {
      if (this.feed.left === 0) return this.feed.final ? this.unfinished() : null
      // A form may keep the beginning of a record that has not arrived whole; its place is where that was.
      const { line, offset } = this.begun ?? this.feed
      const outcome = this.step()
      this.begun = outcome === WAIT ? { line, offset } : null
      if (outcome === WAIT) return null
      if (outcome === SKIP || outcome === PASS) continue
      this.dress(outcome)
      return { draft: outcome, form: this.used, line, offset }
    }
  }

  /** Once, at the end. */
  private unfinished(): Record | null {
    const { current } = this
    this.current = null
    const draft = current?.end?.(this)
    if (!draft || !current) return null
    this.dress(draft)
    return { draft, form: current, line: this.feed.line, offset: this.feed.offset }
  }

  damage(message: string, lost: number | null): void {
    if (lost === null) this.tally.lostUnknown = true
    else this.tally.lost += lost
    this.tell({ message, line: this.feed.line, offset: this.feed.offset })
  }

  recovered(): void {
    this.tally.recovered++
  }

  inner(text: string): Draft {
    const line = clean(text)
    return firstOf(innerForms, line, this) ?? pastedHead(line) ?? draftOf(line.trim())
  }

  tell(problem: Problem): void {
    this.tally.damaged = true
    if (this.tally.problems.length < MOST_PROBLEMS) this.tally.problems.push(problem)
    else this.untold++
  }

  /** After the last byte: what the feed noticed, and how many problems were too many to keep. */
  close(): void {
    for (const problem of this.feed.problems) this.tell(problem)
    if (this.feed.problems.length > 0) this.tally.lostUnknown = true
    if (this.untold > 0) this.tally.problems.push({ message: `and ${this.untold} more like these` })
    this.untold = 0
  }

  private step(): Outcome {
    const { feed, current } = this
    if (current) {
      const outcome = this.tryForm(current)
      if (outcome !== PASS) return outcome
    }
    // A whole log may be one line that begins with a bracket: not to be taken for a line.
    if (feed.first() !== OPEN_ARRAY) {
      const line = feed.peek()
      if (line === null) return feed.final ? SKIP : WAIT
      if (isBlank(line) || isSeparator(line, this)) {
        feed.take()
        return SKIP
      }
    }
    for (const form of this.only ? [this.only] : forms) {
      if (form === current) continue
      const outcome = this.tryForm(form)
      if (outcome !== PASS) return outcome
    }
    return this.tryForm(cat)
  }

  /** Everything fits `cat`, so it never becomes the form to be tried first. */
  private tryForm(form: Form): Outcome {
    const outcome = form.read(this.feed, this)
    if (outcome === PASS) return outcome
    if (form !== cat) this.current = form
    this.used = form
    if (outcome !== WAIT || !this.feed.final) return outcome
    this.damage('the last record is cut off in the middle', 1)
    this.feed.advance(this.feed.left)
    return SKIP
  }

  /** What the lines before say about this record. */
  private dress(draft: Draft): void {
    draft.boot ??= this.boot
    if (this.bootBegins) draft.boots = true
    this.bootBegins = false
    if (draft.host !== null) this.host = draft.host
  }
}

const OPEN_ARRAY = 91

function isBlank(line: string): boolean {
  return line === '' || (line.length < 256 && line.trim() === '')
}
