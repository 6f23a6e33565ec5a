import type { Chunks } from '../bytes/container.ts'
import { fillFrom, fillStraight } from '../bytes/fill.ts'
import type { Bytes } from '../bytes/open.ts'
import type { ByteSource } from '../bytes/source.ts'
import { Spool } from '../bytes/spool.ts'
import type { Form } from '../formats/form.ts'
import { notALog } from '../formats/not-a-log.ts'
import { Reader, type Record } from '../formats/reader.ts'
import { formNamed } from '../formats/registry.ts'
import type { Input } from '../report/report.ts'
import { walkModule } from '../scan/module.ts'
import type { Range } from '../scan/ranger.ts'
import { type Aim, Walk } from '../scan/walk.ts'
import type { OpenLog } from '../where/gather.ts'
import type { Entry, Overheard } from './entry.ts'
import { isLog } from './is-log.ts'
import { EARLY_UNITS, LANDMARK_HEADS } from './landmarks.ts'
import type { Maker } from './maker.ts'
import type { ReadOptions } from './options.ts'
import { addProblems } from './register.ts'
import { isNewestFirst, oldestFirst } from './reversed.ts'
import type { Session } from './session.ts'
import { Skimmer } from './skimmer.ts'

/** Reads the logs of a session, each the way that suits it: line by line, from its end, or passing over what nobody wants. */
export class LogReader {
  private walk: Walk | null | undefined
  private readonly aim: Aim | null

  constructor(private readonly session: Session) {
    this.aim = aimOf(session.options)
  }

  async *read(log: OpenLog): AsyncGenerator<(Entry | Overheard)[]> {
    const odd = this.session.options.inputFormat === undefined ? notALog(log.headed.head) : null
    if (log.maybe && (odd !== null || !isLog(log.headed, log.label))) {
      await log.headed.stop()
      return
    }
    const input = this.session.register.open(log.label)
    if (odd !== null) {
      await log.headed.stop()
      addProblems(input, [{ message: `is ${odd}, not a log` }])
      return
    }
    this.session.begin(log.rank)
    if (log.headless) addProblems(input, [{ message: HEADLESS }])
    if (log.headless) input.lost = null
    yield* this.readBytes(input, log)
    input.bytes = log.bytes.read()
    this.session.ended(input)
    addProblems(input, log.bytes.problems)
    if (log.bytes.problems.length > 0) input.lost = null
  }

  private async *readBytes(input: Input, log: OpenLog): AsyncGenerator<(Entry | Overheard)[]> {
    const only = this.session.options.inputFormat === undefined ? null : (formNamed(this.session.options.inputFormat) ?? null)
    const reader = new Reader(input.path, only)
    const maker = this.session.register.maker(input.path, log.mtime, log.host)
    const forms = new Map<string, number>()
    const take = (record: Record): Entry | null => {
      forms.set(record.form.name, (forms.get(record.form.name) ?? 0) + 1)
      return this.session.take(input, maker, record)
    }
    const { head, whole } = log.headed
    const walk = whole && this.session.options.block === undefined ? null : this.walking()
    if (walk && !isNewestFirst(head, whole, log.label, only)) {
      const skimmer = new Skimmer(input.path, walk, reader, maker, this.session.counter, take, this.session.options.block)
      for await (const items of this.skimmed(skimmer, log)) {
        this.session.inPart ||= skimmer.passed.size > 0
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
    conclude(input, reader, maker, forms)
  }

  /** What a skimmer makes of a log, whose bytes go straight to where it wants them if they can. */
  private async *skimmed(skimmer: Skimmer, { headed, bytes }: OpenLog): AsyncGenerator<(Entry | Overheard)[]> {
    const source = bytes.source()
    if (source) await headed.stop()
    else bytes.lend()
    const ranges = source && (await this.ahead(source))
    const fill = source ? fillStraight(source) : fillFrom(headed.chunks)
    try {
      for await (const items of source && ranges ? skimmer.skimAfter(source, ranges) : skimmer.skim(fill)) {
        this.session.options.signal?.throwIfAborted()
        yield items
        this.session.reached(bytes.read())
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
    const module = walkModule()
    this.walk = this.aim && module && Walk.over(module, this.aim)
    return this.walk
  }

  /** What was passed over ahead, range by range; null where that is not worth it. */
  private async ahead(source: ByteSource): Promise<AsyncIterable<Range> | null> {
    const { aim } = this
    const { ahead, hiring } = this.session.options
    if (aim && ahead) return ahead(source, aim)
    if (!aim || source.fd === undefined) return null
    return (await hiring?.crewFor(source.size))?.ranges(source.fd, source.size, aim) ?? null
  }

  private async *watched(chunks: Chunks, bytes: Bytes): Chunks {
    for await (const chunk of chunks) {
      this.session.options.signal?.throwIfAborted()
      yield chunk
      this.session.reached(bytes.read())
    }
  }
}

function conclude(input: Input, reader: Reader, maker: Maker, forms: Map<string, number>): void {
  const { tally } = reader
  input.format = [...forms].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'unknown'
  // The two are alike from the 10th of a month on.
  if (input.format === 'short' && maker.rsyslogSpoke) input.format = 'syslog'
  input.recovered = tally.recovered
  input.lost = tally.lostUnknown ? null : tally.lost
  addProblems(input, tally.problems)
  if (tally.damaged) input.complete = false
}

/** What lines a walk stops at; null where every entry is wanted. */
function aimOf({ sought, lastWords = true }: ReadOptions): Aim | null {
  return sought === undefined
    ? null
    : { sought: { ...sought, heads: [...sought.heads, ...LANDMARK_HEADS] }, landmarks: EARLY_UNITS, lastWords }
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
