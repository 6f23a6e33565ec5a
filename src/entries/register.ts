import type { Problem } from '../problems/problem.ts'
import { type Coverage, type Input, UNKNOWN_HOST } from '../report/report.ts'
import type { Segment } from './boots.ts'
import { coverageOf } from './coverage.ts'
import { Maker } from './maker.ts'
import type { ReadOptions } from './options.ts'
import { bootAt, type SettledBoot, settleBoots } from './settlement.ts'
import { Zone } from './zone.ts'

/** Something that was read, as it was delivered. */
export interface Unsettled {
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

export interface Settled {
  /** The host it belongs to: also where the line named none, or said `localhost` early in the boot; null where no line of its input names one. */
  host: string | null
  boot: string
  time: number | null
}

/** A day: clocks of senders run ahead, and zones are guessed. */
const AHEAD = 86_400e6

/** The inputs, and who makes entries of each; when all were read, the boots that they turned out to be of. */
export class Register {
  readonly inputs: Input[] = []
  private readonly zone: Zone
  private readonly makers: Maker[] = []
  /** The last one by path: the same file named twice has the same years. */
  private readonly byPath = new Map<string, Maker>()
  /** The machines on which logs were found: whose lines name none are theirs. */
  private readonly homes = new Map<Maker, string>()
  private readonly now: number
  private readonly year: number | null
  private ids = 0
  private settled: { boots: SettledBoot[]; byId: Map<string, Place> } | null = null

  constructor({ timezone, now = new Date(), year }: ReadOptions) {
    this.zone = new Zone(timezone)
    this.now = now.getTime() * 1000
    this.year = year ?? null
  }

  open(path: string): Input {
    const input: Input = { path, format: 'unknown', entries: 0, bytes: 0, recovered: 0, lost: 0, complete: true, problems: [] }
    this.inputs.push(input)
    return input
  }

  /** @param written when it was written last, ms since the epoch; null: not known. @param host whose machine it lay on. */
  maker(path: string, written: number | null, host: string | null): Maker {
    const latest = (written === null ? this.now : Math.min(written * 1000, this.now)) + AHEAD
    const maker = new Maker(path, this.zone, latest, this.year, () => `~${++this.ids}`)
    this.makers.push(maker)
    this.byPath.set(path, maker)
    if (host !== null) this.homes.set(maker, host)
    return maker
  }

  /** After all was read. */
  coverage(): Coverage {
    return coverageOf(this.settlement().boots, boot => boot.host ?? UNKNOWN_HOST)
  }

  /** After all was read: boots and years that were provisional while reading, as they turned out. */
  settle(read: Unsettled): Settled {
    const { byId } = this.settlement()
    const place = byId.get(`${read.boot}\0${read.host ?? ''}`) ?? byId.get(read.boot ?? '')
    const time = read.time === null ? null : (this.byPath.get(read.input)?.years.settle(read.time) ?? read.time)
    const boot = place && bootAt(place.boot, place.segment, time)
    return { host: boot?.host ?? read.host, boot: boot?.id ?? read.boot ?? 'boot-1', time }
  }

  private settlement(): NonNullable<Register['settled']> {
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

export function addProblems(input: Input, problems: readonly Problem[]): void {
  if (problems.length > 0) input.complete = false
  input.problems.push(...problems)
}
