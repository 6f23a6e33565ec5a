import { availableParallelism } from 'node:os'
import type { Chunks } from '../bytes/container.ts'
import { sizeOf } from '../bytes/file.ts'
import { fillFrom, fillStraight } from '../bytes/fill.ts'
import { USUAL_LIMIT } from '../bytes/meter.ts'
import type { Bytes } from '../bytes/open.ts'
import type { ByteSource } from '../bytes/source.ts'
import { Spool } from '../bytes/spool.ts'
import type { Stored } from '../bytes/stored.ts'
import type { Draft } from '../formats/draft.ts'
import type { Form } from '../formats/form.ts'
import { type JournalInput, readJournals } from '../formats/journal-file/directory.ts'
import { draftOfEntry } from '../formats/journal-file/draft.ts'
import type { GlancedSet } from '../formats/journal-file/glance/set.ts'
import { notALog } from '../formats/not-a-log.ts'
import { Reader, type Record } from '../formats/reader.ts'
import { formNamed, forms } from '../formats/registry.ts'
import { type Problem, UsageError } from '../problems/problem.ts'
import { type Coverage, type Input, UNKNOWN_HOST } from '../report/report.ts'
import type { Crew } from '../scan/crew.ts'
import { walkModule } from '../scan/module.ts'
import type { Stretch } from '../scan/ranger.ts'
import type { Sought } from '../scan/sought.ts'
import { type Aim, Walk } from '../scan/walk.ts'
import type { DiskRead } from '../where/disk-read.ts'
import { type Found, gather, type OpenJournals, type OpenLog } from '../where/gather.ts'
import { type Machine, machineAt } from '../where/machine.ts'
import type { Segment } from './boots.ts'
import { coverageOf } from './coverage.ts'
import type { Entry, Overheard } from './entry.ts'
import { hostGlob } from './host-glob.ts'
import { isLog } from './is-log.ts'
import { EARLY_UNITS, LANDMARK_HEADS } from './landmarks.ts'
import { Maker } from './maker.ts'
import { HEAD_SIZE, isNewestFirst, oldestFirst } from './reversed.ts'
import { bootAt, type SettledBoot, settleBoots } from './settlement.ts'
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
  /** Only hosts of which this is true, where one log holds those of a whole fleet; asked with the name that the line says. */
  hosts?: (host: string) => boolean
  /** A machine's root, or a copy of it: read before the paths. */
  root?: string
  /** Disks of machines, in any form: read before the paths. */
  image?: readonly string[]
  /** Folders besides an image's own in which the images it stands on may lie. */
  allowBacking?: readonly string[]
  /** Whether what was deleted from disks, and lies in their unallocated space, is read too. */
  deleted?: boolean
  /** Bytes that a packed input may become. Default: 64 GiB, and 500 times its size. */
  maxExpanded?: number
  /** Opens what a path names. Default: a file of this machine. */
  stored?: (path: string) => Promise<Stored>
  stdin?: NodeJS.ReadableStream
  progress?: (bytes: number, total: number | null) => void
  signal?: AbortSignal
  /** Reads journal files by their index, where that tells all that is wanted; null: they are read whole. */
  glance?: (files: readonly JournalInput[]) => GlancedSet | null
  /** Only messages that may be one of these are wanted as entries; of the others it is enough to have been told that they were there. */
  sought?: Sought
  /** Bytes of the blocks in which that is done; given, also in inputs so small that nothing is gained by it. */
  block?: number
  /** Threads that walk over a large file ahead of its reading. Default: as many as there are processors, if more than one. */
  threads?: number
  /** Who walks ahead instead of threads. */
  ahead?: (source: ByteSource, aim: Aim) => AsyncIterable<readonly Stretch[]>
}

/** Something that was read, as it was delivered. */
interface Unsettled {
  host: string | null
  boot: string | null
  time: number | null
  input: string
}

/** A stretch and the boot it was settled to. */
interface Place {
  boot: SettledBoot
  segment: Segment
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
  /** So far: something was passed over, and only counted. */
  readonly inPart: boolean
  /** Filled while iterating: the machines whose files lay there, with their unit files. */
  machines: Machine[]
  /** Filled while iterating: the disk images among them, and how much of each was read. */
  disks: DiskRead[]
  /** After iteration. `systemd` is null and `ended` unknown: the analysis adds them. */
  coverage(): Coverage
  /** After iteration: boots and years that were provisional while reading, as they turned out. */
  settle(read: Unsettled): Settled
}

/** Reads logs of any form. Nothing of an input is ever thrown: what could not be read stands in `inputs`. */
export function read(paths: readonly string[], options: ReadOptions = {}): Reading {
  const all = [...(options.root === undefined ? [] : [options.root]), ...(options.image ?? []), ...paths]
  return new Session(all.length === 0 ? ['-'] : all, options)
}

/** Places among the lines of one input: the next one's begin behind them. */
const SEQ_STEP = 2 ** 32

/** Entries of journal files delivered at a time. */
const BATCH = 1024

/** A smaller file is read before threads have started. More threads than this, and the one that reads in order does not keep up. */
const LARGE = 64e6
const MOST_THREADS = 4

/** A day: clocks of senders run ahead, and zones are guessed. */
const AHEAD = 86_400e6

class Session implements Reading {
  readonly inputs: Input[] = []
  readonly machines: Machine[] = []
  inPart = false
  readonly disks: DiskRead[] = []
  readonly batches: AsyncIterable<(Entry | Overheard)[]>
  private readonly zone: Zone
  private readonly makers: Maker[] = []
  /** The last one by path: the same file named twice has the same years. */
  private readonly byPath = new Map<string, Maker>()
  /** The machines on which logs were found: whose lines name none are theirs. */
  private readonly homes = new Map<Maker, string>()
  private readonly now: number
  private readonly wants: (entry: Entry) => boolean
  /** The host heard last is none of those asked for: a line that names none is its as well. */
  private foreign = false
  /** Of entries, over all inputs. */
  private readonly counter = { seq: 0 }
  private walk: Walk | null | undefined
  private crew: Crew | null = null
  private ids = 0
  private bytesBefore = 0
  private total: number | null = null
  private settled: { boots: SettledBoot[]; byId: Map<string, Place> } | null = null

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
    const place = byId.get(`${read.boot}\0${read.host ?? ''}`) ?? byId.get(read.boot ?? '')
    const time = read.time === null ? null : (this.byPath.get(read.input)?.years.settle(read.time) ?? read.time)
    const boot = place && bootAt(place.boot, place.segment, time)
    return { host: boot?.host ?? read.host, boot: boot?.id ?? read.boot ?? 'boot-1', time }
  }

  private async *run(): AsyncGenerator<(Entry | Overheard)[]> {
    const sizes = await Promise.all(this.paths.map(path => (path === '-' ? null : sizeOf(path))))
    // A path that cannot be read adds nothing; a pipe's length is not known.
    this.total = this.paths.includes('-') ? null : sizes.reduce((all: number, size) => all + (size ?? 0), 0)
    const { maxExpanded, stored, stdin, allowBacking, image, deleted, signal } = this.options
    const found = gather(this.paths, {
      head: HEAD_SIZE,
      limit: maxExpanded === undefined ? USUAL_LIMIT : { bytes: maxExpanded, ratio: Number.POSITIVE_INFINITY },
      site: site => this.machines.push(machineAt(site)),
      ...(stored && { stored }),
      image: disk => this.disks.push(disk),
      ...(stdin && { stdin }),
      ...(allowBacking && { allowBacking }),
      ...(deleted && { deleted }),
      ...(image && { disks: image }),
      ...(signal && { signal }),
    })
    try {
      for await (const one of found) yield* this.readFound(one)
    } finally {
      await this.crew?.stop()
    }
  }

  private async *readFound(found: Found): AsyncGenerator<(Entry | Overheard)[]> {
    if (found.kind === 'unread') {
      const input = this.open(found.label)
      if (found.disk) input.format = 'disk'
      this.addProblems(input, found.problems)
    } else if (found.kind === 'journals') yield* this.readJournals(found)
    else yield* this.readLog(found)
  }

  private open(path: string): Input {
    const input: Input = { path, format: 'unknown', entries: 0, bytes: 0, recovered: 0, lost: 0, complete: true, problems: [] }
    this.inputs.push(input)
    return input
  }

  /** Journal files of one place are read as one journal, in journalctl's order. */
  private async *readJournals({ files, host, rank }: OpenJournals): AsyncGenerator<Entry[]> {
    const glanced = this.options.glance?.(files) ?? null
    if (glanced) this.inPart = true
    const { entries, accounts } = glanced ?? readJournals(files)
    const inputs = new Map(files.map(({ path, source }) => [path, this.openJournal(path, source.size, host)]))
    this.counter.seq = rank * SEQ_STEP
    let batch: Entry[] = []
    for (const found of entries) {
      const target = inputs.get(found.file.path)
      if (!target) continue
      target.input.entries++
      const draft = draftOfEntry(found)
      if (this.isForeign(draft)) continue
      const entry = target.maker.entry({ draft, line: null, offset: found.offset }, this.counter.seq++)
      if (!this.wants(entry)) continue
      target.maker.keep(entry.time)
      batch.push(entry)
      if (batch.length < BATCH) continue
      yield batch
      batch = []
      await this.breathe(found.offset)
    }
    if (batch.length > 0) yield batch
    for (const [path, { input, maker }] of inputs) {
      for (const group of glanced?.groups.get(path) ?? []) {
        maker.count(group, this.counter.seq++)
        input.entries += group.entries
      }
      this.bytesBefore += input.bytes
      const account = accounts.get(path)
      if (!account) continue
      input.recovered = account.recovered
      input.lost = account.lost
      input.complete = account.complete
      input.problems.push(...account.problems)
    }
  }

  /** Of a host that was not asked for: in a fleet's stream these are most, so they are told apart before anything else is done. */
  private isForeign({ host }: Draft): boolean {
    const { hosts } = this.options
    if (hosts !== undefined && host !== null) this.foreign = !hosts(host)
    return this.foreign
  }

  private openJournal(path: string, size: number, host: string | null): { input: Input; maker: Maker } {
    const input = this.open(path)
    input.format = 'journal-file'
    input.bytes = size
    const maker = new Maker(path, this.zone, this.now + AHEAD, this.options.year ?? null, () => `~${++this.ids}`)
    this.makers.push(maker)
    this.byPath.set(path, maker)
    if (host !== null) this.homes.set(maker, host)
    return { input, maker }
  }

  /** Nothing else gets its turn while files are read synchronously: signals, the progress that is shown. */
  private async breathe(offset: number): Promise<void> {
    await new Promise(setImmediate)
    this.options.signal?.throwIfAborted()
    this.options.progress?.(this.bytesBefore + offset, this.total)
  }

  private async *readLog(log: OpenLog): AsyncGenerator<(Entry | Overheard)[]> {
    const odd = this.options.inputFormat === undefined ? notALog(log.headed.head) : null
    if (log.maybe && (odd !== null || !isLog(log.headed, log.label))) {
      await log.headed.stop()
      return
    }
    const input = this.open(log.label)
    if (odd !== null) {
      await log.headed.stop()
      this.addProblems(input, [{ message: `is ${odd}, not a log` }])
      return
    }
    this.counter.seq = log.rank * SEQ_STEP
    if (log.headless) this.addProblems(input, [{ message: HEADLESS }])
    if (log.headless) input.lost = null
    yield* this.readBytes(input, log)
    input.bytes = log.bytes.read()
    this.bytesBefore += input.bytes
    this.addProblems(input, log.bytes.problems)
    if (log.bytes.problems.length > 0) input.lost = null
  }

  private async *readBytes(input: Input, log: OpenLog): AsyncGenerator<(Entry | Overheard)[]> {
    const only = this.options.inputFormat === undefined ? null : (formNamed(this.options.inputFormat) ?? null)
    const reader = new Reader(input.path, only)
    const written = log.mtime === null ? this.now : Math.min(log.mtime * 1000, this.now)
    const maker = new Maker(input.path, this.zone, written + AHEAD, this.options.year ?? null, () => `~${++this.ids}`)
    this.makers.push(maker)
    this.byPath.set(input.path, maker)
    if (log.host !== null) this.homes.set(maker, log.host)
    const forms = new Map<string, number>()
    const take = (record: Record): Entry | null => {
      input.entries++
      forms.set(record.form.name, (forms.get(record.form.name) ?? 0) + 1)
      if (this.isForeign(record.draft)) return null
      const entry = maker.entry(record, this.counter.seq++)
      if (!this.wants(entry)) return null
      maker.keep(entry.time)
      return entry
    }
    const { head, whole } = log.headed
    const walk = whole && this.options.block === undefined ? null : this.walking()
    if (walk && !isNewestFirst(head, whole, log.label, only)) {
      const skimmer = new Skimmer(input.path, walk, reader, maker, this.counter, take, this.options.block)
      for await (const items of this.skimmed(skimmer, log)) {
        this.inPart ||= skimmer.passed.size > 0
        yield items
      }
      for (const [form, count] of skimmer.passed) {
        input.entries += count
        forms.set(form, (forms.get(form) ?? 0) + count)
      }
    } else {
      for await (const records of this.records(log, reader, only)) yield entriesOf(records, take)
    }
    reader.close()
    maker.close()
    this.conclude(input, reader, maker, forms)
  }

  /** What a skimmer makes of a log, whose bytes go straight to where it wants them if they can. */
  private async *skimmed(skimmer: Skimmer, { headed, bytes }: OpenLog): AsyncGenerator<(Entry | Overheard)[]> {
    const source = bytes.source()
    if (source) await headed.stop()
    const ranges = source && (await this.ahead(source))
    const fill = source ? fillStraight(source) : fillFrom(headed.chunks)
    try {
      for await (const items of source && ranges ? skimmer.skimAfter(source, ranges) : skimmer.skim(fill)) {
        this.options.signal?.throwIfAborted()
        yield items
        this.options.progress?.(this.bytesBefore + bytes.read(), this.total)
      }
    } finally {
      if (source) source.close()
      else await headed.stop()
    }
  }

  /** The input's records, oldest first. */
  private async *records(
    { label, headed, bytes, path }: OpenLog,
    reader: Reader,
    only: Form | null,
  ): AsyncGenerator<Iterable<Record>> {
    const chunks = this.watched(headed.chunks, bytes)
    if (isNewestFirst(headed.head, headed.whole, label, only)) {
      const plain = bytes.plain() && path !== null
      const spool = plain ? await Spool.over(path) : await Spool.fill(chunks)
      try {
        yield* oldestFirst(spool, reader, plain ? chunks : spool.chunks(), only)
      } finally {
        await spool.close()
      }
      return
    }
    for await (const chunk of chunks) {
      reader.feed.push(chunk)
      yield reader
    }
    reader.feed.end()
    yield reader
  }

  /** For passing over lines; null where every entry is wanted, or this machine cannot do it. */
  private walking(): Walk | null {
    if (this.walk !== undefined) return this.walk
    const [aim, module] = [aimOf(this.options), walkModule()]
    this.walk = aim && module && Walk.over(module, aim)
    return this.walk
  }

  /** What was passed over ahead, range by range; null where that is not worth it. */
  private async ahead(source: ByteSource): Promise<AsyncIterable<readonly Stretch[]> | null> {
    const aim = aimOf(this.options)
    if (aim && this.options.ahead) return this.options.ahead(source, aim)
    const threads = this.options.threads ?? Math.min(availableParallelism(), MOST_THREADS)
    const least = this.options.threads === undefined ? LARGE : 0
    if (!aim || threads < 2 || source.fd === undefined || source.size < least) return null
    this.crew ??= new (await import('../scan/crew.ts')).Crew(aim, threads)
    return this.crew.ranges(source.fd, source.size)
  }

  private async *watched(chunks: Chunks, bytes: Bytes): Chunks {
    for await (const chunk of chunks) {
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
      for (const [maker, host] of this.homes) for (const segment of maker.segments) segment.host ??= host
      const segments = this.makers.flatMap(maker => maker.segments)
      const boots = settleBoots(segments)
      const byId = new Map<string, Place>()
      for (const boot of boots) {
        for (const segment of boot.segments) {
          const { id, said } = segment
          byId.set(`${id}\0${said ?? ''}`, { boot, segment })
          if (!byId.has(id)) byId.set(id, { boot, segment })
        }
      }
      this.settled = { boots, byId }
    }
    return this.settled
  }
}

/** What lines a walk stops at; null where every entry is wanted. */
function aimOf({ sought }: ReadOptions): Aim | null {
  return sought === undefined
    ? null
    : { sought: { ...sought, heads: [...sought.heads, ...LANDMARK_HEADS] }, landmarks: EARLY_UNITS }
}

function entriesOf(records: Iterable<Record>, take: (record: Record) => Entry | null): Entry[] {
  const entries: Entry[] = []
  for (const record of records) {
    const entry = take(record)
    if (entry) entries.push(entry)
  }
  return entries
}

const HEADLESS = 'was cut down to its end when it was collected (.tailed): its beginning is missing'

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
