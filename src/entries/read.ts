import { stdin as processStdin } from 'node:process'
import { setImmediate } from 'node:timers/promises'
import type { Chunks } from '../bytes/container.ts'
import { BREATH, sizeOf } from '../bytes/file.ts'
import { type Bytes, openBytes, withHead } from '../bytes/open.ts'
import { Spool } from '../bytes/spool.ts'
import type { Form } from '../formats/form.ts'
import { notALog } from '../formats/not-a-log.ts'
import { Reader, type Record } from '../formats/reader.ts'
import { formNamed, forms } from '../formats/registry.ts'
import { InputError, type Problem, UsageError } from '../problems/problem.ts'
import { type Coverage, type Input, UNKNOWN_HOST } from '../report/report.ts'
import type { Sought } from '../scan/sought.ts'
import { Walk } from '../scan/walk.ts'
import { coverageOf } from './coverage.ts'
import type { Entry, Overheard } from './entry.ts'
import { hostGlob } from './host-glob.ts'
import { EARLY_UNITS, LANDMARK_HEADS } from './landmarks.ts'
import { Maker } from './maker.ts'
import { HEAD_SIZE, isNewestFirst, oldestFirst } from './reversed.ts'
import { type SettledBoot, settleBoots } from './settlement.ts'
import { Skimmer } from './skimmer.ts'
import { Zone } from './zone.ts'

export interface ReadOptions {
  /** For stamps that state none: an IANA name, `UTC`, `+02:00`. Default: the machine's. */
  timezone?: string
  /** The year of the first line of a log whose stamps have none. */
  year?: number
  /** Read everything as this form. */
  inputFormat?: string
  /** No line is later than this. */
  now?: Date
  /** µs since the epoch. */
  since?: number | null
  until?: number | null
  /** A glob. */
  host?: string
  stdin?: NodeJS.ReadableStream
  progress?: (bytes: number, total: number | null) => void
  signal?: AbortSignal
  /** Only messages that may be one of these are wanted as entries; of the others it is enough to have been told that they were there. */
  sought?: Sought
  /** Also in inputs so small that nothing is gained by it. */
  eager?: boolean
}

/** Something that was read, as it was delivered. */
interface Unsettled {
  host: string | null
  boot: string | null
  time: number | null
  input: string
}

interface Settled {
  /** The host it belongs to: also where the line named none, or said `localhost` early in the boot; null where no line of its input names one. */
  host: string | null
  boot: string
  time: number | null
}

export interface Reading {
  /**
   * Pulled in batches; in each input's own order, the inputs one after the other. Where not all are wanted (`sought`), what was overheard
   * stands in between, before the next entry whose place in the order tells anything.
   */
  batches: AsyncIterable<(Entry | Overheard)[]>
  /** Filled while iterating. */
  inputs: Input[]
  /** After iteration. `systemd` is null and `ended` unknown: the analysis adds them. */
  coverage(): Coverage
  /** After iteration: boots and years that were provisional while reading, as they turned out. */
  settle(read: Unsettled): Settled
}

/** Reads logs of any form. Nothing of an input is ever thrown: what could not be read stands in `inputs`. */
export function read(paths: readonly string[], options: ReadOptions = {}): Reading {
  return new Session(paths.length === 0 ? ['-'] : paths, options)
}

/** A day: clocks of senders run ahead, and zones are guessed. */
const AHEAD = 86_400e6

class Session implements Reading {
  readonly inputs: Input[] = []
  readonly batches: AsyncIterable<(Entry | Overheard)[]>
  private readonly zone: Zone
  private readonly makers: Maker[] = []
  /** The last one by path: the same file named twice has the same years. */
  private readonly byPath = new Map<string, Maker>()
  private readonly now: number
  private readonly wants: (entry: Entry) => boolean
  /** Of entries, over all inputs. */
  private readonly counter = { seq: 0 }
  private walk: Walk | null | undefined
  private ids = 0
  private bytesBefore = 0
  private total: number | null = null
  private settled: { boots: SettledBoot[]; byId: Map<string, SettledBoot> } | null = null

  constructor(
    private readonly paths: readonly string[],
    private readonly options: ReadOptions,
  ) {
    if (options.inputFormat !== undefined && !formNamed(options.inputFormat)) {
      throw new UsageError(
        `--input-format ${options.inputFormat}: there is no such form; one of ${forms.map(form => form.name).join(', ')}`,
      )
    }
    this.zone = new Zone(options.timezone)
    this.now = (options.now ?? new Date()).getTime() * 1000
    this.wants = wanted(options)
    this.batches = this.run()
  }

  coverage(): Coverage {
    return coverageOf(this.settlement().boots, boot => boot.host ?? UNKNOWN_HOST)
  }

  settle(read: Unsettled): Settled {
    const { byId } = this.settlement()
    const boot = byId.get(`${read.boot}\0${read.host ?? ''}`) ?? byId.get(read.boot ?? '')
    const time = read.time === null ? null : (this.byPath.get(read.input)?.years.settle(read.time) ?? read.time)
    return { host: boot?.host ?? read.host, boot: boot?.id ?? read.boot ?? 'boot-1', time }
  }

  private async *run(): AsyncGenerator<(Entry | Overheard)[]> {
    const sizes = await Promise.all(this.paths.map(path => (path === '-' ? null : sizeOf(path))))
    // A path that cannot be read adds nothing; a pipe's length is not known.
    this.total = this.paths.includes('-') ? null : sizes.reduce((all: number, size) => all + (size ?? 0), 0)
    for (const path of this.paths) yield* this.readInput(path)
  }

  private async *readInput(path: string): AsyncGenerator<(Entry | Overheard)[]> {
    const input: Input = { path, format: 'unknown', entries: 0, bytes: 0, recovered: 0, lost: 0, complete: true, problems: [] }
    this.inputs.push(input)
    let bytes: Bytes | null = null
    try {
      bytes = await openBytes(path, this.options.stdin ?? processStdin)
      yield* this.readBytes(input, bytes)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      input.complete = false
      input.problems.push({ message: error.message })
    } finally {
      if (bytes) {
        input.bytes = bytes.read()
        this.bytesBefore += input.bytes
        this.addProblems(input, bytes.problems)
        if (bytes.problems.length > 0) input.lost = null
        await bytes.close()
      }
    }
  }

  private async *readBytes(input: Input, bytes: Bytes): AsyncGenerator<(Entry | Overheard)[]> {
    const only = this.options.inputFormat === undefined ? null : (formNamed(this.options.inputFormat) ?? null)
    const reader = new Reader(input.path, only)
    const written = bytes.mtime === null ? this.now : Math.min(bytes.mtime * 1000, this.now)
    const maker = new Maker(input.path, this.zone, written + AHEAD, this.options.year ?? null, () => `~${++this.ids}`)
    this.makers.push(maker)
    this.byPath.set(input.path, maker)
    const forms = new Map<string, number>()
    const take = (record: Record): Entry | null => {
      const entry = maker.entry(record, this.counter.seq++)
      input.entries++
      forms.set(record.form.name, (forms.get(record.form.name) ?? 0) + 1)
      if (!this.wants(entry)) return null
      maker.keep(entry.time)
      return entry
    }
    const { head, whole, chunks } = await withHead(this.watched(bytes), HEAD_SIZE)
    const odd = only === null ? notALog(head) : null
    if (odd !== null) throw new InputError(`${input.path}: is ${odd}, not a log`)
    const walk = whole && !this.options.eager ? null : this.walking()
    if (isNewestFirst(head, whole, input.path, only)) {
      for await (const records of fromTheEnd(bytes, reader, chunks, only)) yield entriesOf(records, take)
    } else if (walk) {
      const skimmer = new Skimmer(input.path, walk, reader, maker, this.counter, take)
      const fill = bytes.fill()
      if (fill) {
        yield* skimmer.push(head)
        yield* this.filling(skimmer, bytes, fill)
      } else for await (const chunk of chunks) yield* skimmer.push(chunk)
      yield* skimmer.end()
      for (const [form, count] of skimmer.passed) {
        input.entries += count
        forms.set(form, (forms.get(form) ?? 0) + count)
      }
    } else {
      for await (const chunk of chunks) {
        reader.feed.push(chunk)
        yield entriesOf(reader, take)
      }
      reader.feed.end()
      yield entriesOf(reader, take)
    }
    reader.close()
    maker.close()
    this.conclude(input, reader, maker, forms)
  }

  /** Reads a file straight to where the walk takes place. */
  private async *filling(
    skimmer: Skimmer,
    bytes: Bytes,
    fill: (target: Buffer) => number,
  ): AsyncGenerator<(Entry | Overheard)[]> {
    for (let index = 1; ; index++) {
      this.options.signal?.throwIfAborted()
      const count = fill(skimmer.room())
      if (count === 0) return
      yield skimmer.filledWith(count)
      this.options.progress?.(this.bytesBefore + bytes.read(), this.total)
      if (index % BREATH === 0) await setImmediate()
    }
  }

  /** For passing over lines; null where every entry is wanted, or this machine cannot do it. */
  private walking(): Walk | null {
    const { sought } = this.options
    this.walk ??= sought === undefined ? null : Walk.over({ ...sought, heads: [...sought.heads, ...LANDMARK_HEADS] }, EARLY_UNITS)
    return this.walk
  }

  private async *watched(bytes: Bytes): Chunks {
    for await (const chunk of bytes.chunks) {
      this.options.signal?.throwIfAborted()
      yield chunk
      this.options.progress?.(this.bytesBefore + bytes.read(), this.total)
    }
  }

  private conclude(input: Input, reader: Reader, maker: Maker, forms: Map<string, number>): void {
    const { tally } = reader
    input.format = [...forms].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'unknown'
    // The two are alike from the 10th of a month on.
    if (input.format === 'short' && maker.rsyslogSpoke) input.format = 'syslog'
    input.recovered = tally.recovered
    input.lost = tally.lostUnknown ? null : tally.lost
    this.addProblems(input, tally.problems)
    if (tally.damaged) input.complete = false
  }

  private addProblems(input: Input, problems: readonly Problem[]): void {
    if (problems.length > 0) input.complete = false
    input.problems.push(...problems)
  }

  private settlement(): NonNullable<Session['settled']> {
    if (!this.settled) {
      for (const maker of this.makers) maker.settleTimes()
      const segments = this.makers.flatMap(maker => maker.segments)
      const boots = settleBoots(segments)
      const byId = new Map<string, SettledBoot>()
      for (const boot of boots) {
        for (const { id, said } of boot.segments) {
          byId.set(`${id}\0${said ?? ''}`, boot)
          if (!byId.has(id)) byId.set(id, boot)
        }
      }
      this.settled = { boots, byId }
    }
    return this.settled
  }
}

function entriesOf(records: Iterable<Record>, take: (record: Record) => Entry | null): Entry[] {
  const entries: Entry[] = []
  for (const record of records) {
    const entry = take(record)
    if (entry) entries.push(entry)
  }
  return entries
}

/** The records of a log that is written newest first, oldest first. */
async function* fromTheEnd(bytes: Bytes, reader: Reader, chunks: Chunks, only: Form | null): AsyncGenerator<Record[]> {
  const spool = bytes.plain() ? await Spool.over(reader.path) : await Spool.fill(chunks)
  try {
    yield* oldestFirst(spool, reader, bytes.plain() ? chunks : spool.chunks(), only)
  } finally {
    await spool.close()
  }
}

/** What --since, --until and --host leave over. A line without a time goes with the line before it. */
function wanted(options: ReadOptions): (entry: Entry) => boolean {
  const { since = null, until = null } = options
  const host = options.host === undefined ? null : hostGlob(options.host)
  let inside = true
  return entry => {
    if (entry.time !== null) inside = (since === null || entry.time >= since) && (until === null || entry.time <= until)
    return inside && (host === null || host(entry.host))
  }
}
