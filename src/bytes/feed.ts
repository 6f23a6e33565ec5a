import type { Problem } from '../problems/problem.ts'

/** A line longer than this is cut: whoever writes a line of 100 MB must not decide how much memory a reader takes. */
export const MAX_LINE = 1 << 20

const EMPTY = Buffer.alloc(0)
const LF = 10
const CR = 13

/** Where a record begins, to come back to when it turns out not to be whole yet. */
export interface Mark {
  at: number
  line: number
}

/**
 * The bytes that have arrived and are not read yet, seen as lines or as raw bytes.
 *
 *     ┌── pos: what is not read yet
 *     ▼
 *     … \n Nov 24 01:45:41 host systemd[1]: Reload ¦ ing.\n …
 *                                                   ▲ the end of what has arrived: no line yet, unless `final`
 */
export class Feed {
  /** No more bytes will come: what is left is whole, or cut. */
  final = false
  /** 1-based number of the line at the place of reading. */
  line = 1
  readonly problems: Problem[] = []
  /** The first byte of what comes behind all that has arrived, where somebody knows it already; else -1. */
  follows = -1
  private buffer: Buffer = EMPTY
  private pos = 0
  private base = 0
  private peeked: string | null = null
  private peekedEnd = 0
  /** Bytes of an over-long line or a skipped value still to be thrown away; Infinity: up to the next line end. */
  private skipping = 0
  private skipped = 0

  constructor(at: { offset: number; line: number } = { offset: 0, line: 1 }) {
    this.base = at.offset
    this.line = at.line
  }

  /** Offset in the input of the place of reading. */
  get offset(): number {
    return this.base + this.pos
  }

  get left(): number {
    return this.buffer.length - this.pos
  }

  push(chunk: Buffer): void {
    const rest = this.left
    this.base += this.pos
    this.buffer = rest === 0 ? chunk : Buffer.concat([this.buffer.subarray(this.pos), chunk])
    this.pos = 0
    this.peeked = null
    if (this.skipping > 0) this.drop()
  }

  /** The bytes handed over lie there no longer than until now: keeps what is not read of them. */
  own(): void {
    this.base += this.pos
    this.buffer = this.left > 0 ? Buffer.from(this.rest()) : EMPTY
    this.pos = 0
    this.peeked = null
  }

  /** Whether all that arrived was read, and nothing of what comes next is to be thrown away. */
  get idle(): boolean {
    return this.left === 0 && this.skipping === 0
  }

  /** Somebody else passed over so much of the input; only while idle. */
  pass(bytes: number, lines: number): void {
    this.base += this.pos + bytes
    this.buffer = EMPTY
    this.pos = 0
    this.line += lines
    this.peeked = null
  }

  end(): void {
    this.final = true
    this.peeked = null
    if (this.skipping > 0) this.tellSkipped()
  }

  mark(): Mark {
    return { at: this.base + this.pos, line: this.line }
  }

  reset(mark: Mark): void {
    this.pos = mark.at - this.base
    this.line = mark.line
    this.peeked = null
  }

  /** First byte of the next line; -1 where nothing is known of it. */
  first(): number {
    // A line of which the rest is thrown away is not continued.
    if (this.skipping > 0) return LF
    return this.buffer[this.pos] ?? this.follows
  }

  /** The next line without its end, null where it has not arrived whole. NULs at its start are passed over and told. */
  peek(): string | null {
    if (this.peeked !== null) return this.peeked
    if (this.buffer[this.pos] === 0) this.passNuls()
    if (this.pos >= this.buffer.length) return null
    let end = this.buffer.indexOf(LF, this.pos)
    if (end === -1) {
      if (this.left > MAX_LINE) end = this.pos + MAX_LINE
      else if (this.final) end = this.buffer.length
      else return null
    }
    this.peekedEnd = end
    if (end - this.pos > MAX_LINE) end = this.pos + MAX_LINE
    const stop = this.buffer[end - 1] === CR && end > this.pos ? end - 1 : end
    this.peeked = this.buffer.toString('utf8', this.pos, stop)
    if (this.base + this.pos === 0 && this.peeked.charCodeAt(0) === 0xfeff) this.peeked = this.peeked.slice(1)
    return this.peeked
  }

  /** Whether the line that `peek` showed is the input's last and has no line end. */
  cutHere(): boolean {
    return this.final && this.peekedEnd === this.buffer.length
  }

  /** Passes over the line that `peek` showed. */
  take(): void {
    const length = this.peekedEnd - this.pos
    const ended = this.buffer[this.peekedEnd] === LF
    if (length >= MAX_LINE && !(ended && length === MAX_LINE)) this.tellLong(length, ended)
    this.pos = ended ? this.peekedEnd + 1 : this.peekedEnd
    this.peeked = null
    if (ended) this.line++
    if (this.skipping > 0) this.drop()
    if (this.skipping > 0 && this.final) this.tellSkipped()
  }

  /** The next `count` bytes, null where they have not all arrived. */
  bytes(count: number): Buffer | null {
    if (this.left < count) return null
    const got = this.buffer.subarray(this.pos, this.pos + count)
    this.advance(count)
    return got
  }

  /** What has arrived, for a reader that looks for more than line ends. */
  rest(): Buffer {
    return this.buffer.subarray(this.pos)
  }

  /** Passes over bytes and counts the lines in them. */
  advance(count: number): void {
    const end = this.pos + count
    for (let at = this.buffer.indexOf(LF, this.pos); at !== -1 && at < end; at = this.buffer.indexOf(LF, at + 1)) this.line++
    this.pos = end
    this.peeked = null
  }

  /** Passes over bytes that may not have arrived yet: a value too large to be kept. */
  skip(count: number): void {
    this.skipping = count
    this.drop()
  }

  private passNuls(): void {
    const from = this.pos
    while (this.buffer[this.pos] === 0) this.pos++
    const last = this.problems.at(-1)
    const count = this.pos - from
    if (last?.offset !== undefined && nulEnd.get(last) === this.base + from) {
      const before = this.base + from - last.offset
      last.message = nulText(before + count)
      nulEnd.set(last, this.offset)
      return
    }
    const problem = { message: nulText(count), line: this.line, offset: this.base + from }
    nulEnd.set(problem, this.offset)
    this.problems.push(problem)
  }

  private tellLong(length: number, ended: boolean): void {
    this.problems.push({ message: longText(length), line: this.line, offset: this.offset })
    if (ended) return
    this.skipping = Number.POSITIVE_INFINITY
    this.skipped = length
  }

  private drop(): void {
    const newline = this.skipping === Number.POSITIVE_INFINITY ? this.buffer.indexOf(LF, this.pos) : -1
    const available = newline === -1 ? this.left : newline - this.pos
    const count = Math.min(available, this.skipping)
    if (this.skipping === Number.POSITIVE_INFINITY) {
      this.skipped += count
      this.pos += count
      if (newline === -1) return
      this.pos++
      this.line++
      this.tellSkipped()
      return
    }
    this.advance(count)
    this.skipping -= count
  }

  private tellSkipped(): void {
    const last = this.problems.findLast(problem => problem.message.startsWith('a line of '))
    if (last && this.skipping === Number.POSITIVE_INFINITY) last.message = longText(this.skipped)
    this.skipping = 0
    this.skipped = 0
  }
}

/** Where a run of NULs ended, so that one that spans two blocks is told once. */
const nulEnd = new WeakMap<Problem, number>()

function nulText(count: number): string {
  return `${count} NUL byte${count === 1 ? '' : 's'}: the machine went down before that part of the file reached its disk`
}

function longText(length: number): string {
  return `a line of ${length} bytes: only the first ${MAX_LINE} were read`
}
