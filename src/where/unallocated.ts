import { joinedFree } from '../bytes/free.ts'
import type { FileSystem } from '../bytes/image/file-system.ts'
import { memorySource } from '../bytes/source.ts'
import { isJournalFile } from '../formats/journal-file/directory.ts'
import { readHeader } from '../formats/journal-file/header.ts'
import { recordsIn } from '../formats/known.ts'
import { InputError } from '../problems/problem.ts'

/** What was a file once, as far as it lies in one piece. */
export interface Remnant {
  kind: 'journal' | 'log'
  /** Where it lies in its volume, and how much of it, in bytes. */
  from: number
  size: number
  /** How long a journal says that it was; null for text, which does not say. */
  whole: number | null
  /** Of a journal: how many entries it says it has, and when the last was written (µs since the epoch). */
  entries: number | null
  last: number | null
  /** Of a text: its first whole line. */
  line: string | null
}

const LOOK = 1 << 20
/** A text is judged by so much of its beginning. */
const HEAD = 8192
const LEAST_TEXT = 32
/** Beyond it they are counted. */
const MOST_FOUND = 10_000
/** No journal is longer: journald rotates at 4 GiB at the latest (systemd v255 journal-file.c, JOURNAL_COMPACT_SIZE_MAX), older ones at 128 MiB. */
const LONGEST_JOURNAL = 2 ** 40

/**
 * Looks for journals and text logs where a file system has nothing any more. A file begins with a block; so a journal's header is looked for
 * at the front of each, and a run of blocks full of text, up to one that ends in NULs, is judged as a file's text.
 *
 *     used │ LPKSHHRH… … … │ Nov 24 01:45:41 … │ … text ⋯NUL NUL │ NUL… │ used
 *           └ a journal     └ a log                                └ empty
 */
export class Unallocated {
  readonly found: Remnant[] = []
  /** Found, but more than are kept. */
  more = 0
  /** In bytes: read; known to be empty without; never used since the file system was made; not searched, for it was more than `most`. */
  searched = 0
  empty = 0
  neverUsed = 0
  left = 0
  /** Not searched, for it cannot be read; and why, of the first such place. */
  unreadable = 0
  fault: string | null = null
  private readonly buffer = Buffer.alloc(LOOK)
  private journal: Remnant | null = null
  private text: { remnant: Remnant; head: Buffer[]; held: number } | null = null

  constructor(
    private readonly fileSystem: FileSystem,
    /** As many bytes are read. */
    private readonly most: number,
  ) {}

  /** Searches, and stops now and then for whoever has to do something else. */
  *search(): Generator<void> {
    for (const { from, size, neverUsed } of joinedFree(this.fileSystem.free())) {
      if (neverUsed) this.neverUsed += size
      else yield* this.stretch(from, from + size)
    }
  }

  private *stretch(from: number, to: number): Generator<void> {
    const { blockSize } = this.fileSystem
    for (let at = from; at < to; ) {
      const empty = this.emptyAt(at, to)
      if (empty > 0) {
        this.endText()
        this.empty += empty
        at += empty
        yield
        continue
      }
      if (this.searched >= this.most) {
        this.left += to - at
        break
      }
      const chunk = this.chunk(at, to)
      if (!chunk) {
        this.unreadable += to - at
        break
      }
      for (let nth = 0; nth + blockSize <= chunk.length; nth += blockSize)
        this.look(chunk.subarray(nth, nth + blockSize), at + nth, to)
      this.searched += chunk.length
      // What a cut image lacks was told by whoever opened it.
      if (chunk.length < Math.min(LOOK, to - at)) break
      at += chunk.length
      yield
    }
    this.endText()
    this.journal = null
  }

  /** Null where the medium cannot be read; the next stretch may be. */
  private chunk(at: number, to: number): Buffer | null {
    const wanted = this.buffer.subarray(0, Math.min(LOOK, to - at))
    try {
      return wanted.subarray(0, this.fileSystem.source.read(at, wanted))
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      this.fault ??= error.message
      return null
    }
  }

  /** How many whole blocks from here on are known to be empty. */
  private emptyAt(at: number, to: number): number {
    const { source, blockSize } = this.fileSystem
    return Math.floor(Math.min(source.hole?.(at) ?? 0, to - at) / blockSize) * blockSize
  }

  private look(block: Buffer, at: number, to: number): void {
    const header = isJournalFile(block) ? readHeader(memorySource(block)) : null
    if (header) {
      this.endText()
      // Another file began here since: what lies behind is its.
      if (this.journal) this.journal.size = Math.min(this.journal.size, at - this.journal.from)
      const whole = header.headerSize + header.arenaSize
      const { entries, tailRealtime: last } = header
      const size = Math.min(whole > 0 && whole <= LONGEST_JOURNAL ? whole : LONGEST_JOURNAL, to - at)
      this.journal = {
        kind: 'journal',
        from: at,
        size,
        whole,
        entries,
        last: last > 0 && last < 2 ** 53 ? last : null,
        line: null,
      }
      this.keep(this.journal)
    } else if (!this.journal || at >= this.journal.from + this.journal.size) this.lookForText(block, at)
  }

  private lookForText(block: Buffer, at: number): void {
    const end = block.indexOf(0)
    const length = end === -1 ? block.length : end
    const text = block.subarray(0, length)
    if (length < (this.text ? 1 : LEAST_TEXT) || !isText(text)) {
      this.endText()
      return
    }
    const remnant: Remnant = { kind: 'log', from: at, size: 0, whole: null, entries: null, last: null, line: null }
    this.text ??= { remnant, head: [], held: 0 }
    this.text.remnant.size += length
    if (this.text.held < HEAD) {
      this.text.head.push(Buffer.from(text))
      this.text.held += length
    }
    if (end !== -1) this.endText()
  }

  private endText(): void {
    if (!this.text) return
    const { remnant, head } = this.text
    this.text = null
    const beginning = Buffer.concat(head)
    const { dated, all } = recordsIn(beginning, beginning.length === remnant.size, '')
    if (dated === 0 || dated * 2 < all) return
    // What lies in front of the first line's end may be the rest of one that began elsewhere.
    const [first = '', second = ''] = beginning.toString('utf8').split('\n', 2)
    remnant.line = second === '' ? first : recordsIn(Buffer.from(`${first}\n`), true, '').dated > 0 ? first : second
    this.keep(remnant)
  }

  private keep(remnant: Remnant): void {
    if (this.found.length < MOST_FOUND) this.found.push(remnant)
    else this.more++
  }
}

/** What no text has: control characters but those of terminals, tabs and ends of lines. */
function isText(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte < 32 && byte !== 10 && byte !== 9 && byte !== 13 && byte !== 27) return false
  return true
}
