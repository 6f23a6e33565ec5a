import type { Draft } from '../formats/draft.ts'
import type { Input } from '../report/report.ts'
import type { Entry } from './entry.ts'
import type { Maker, Placed } from './maker.ts'
import { type ReadOptions, wanted } from './options.ts'
import { Register } from './register.ts'

/** Places among the lines of one input: the next one's begin behind them. */
const SEQ_STEP = 2 ** 32

/** One reading of all inputs, one after the other: what is wanted of them, and how far it has come. */
export class Session {
  readonly register: Register
  /** Of entries, over all inputs. */
  readonly counter = { seq: 0 }
  /** Something was passed over, and only counted. */
  inPart = false
  /** Of all inputs, as far as they have a length. */
  total: number | null = null
  /** Of inputs that were read. */
  private bytesBefore = 0
  private readonly wants: (entry: Entry) => boolean
  /** The host heard last is none of those asked for: a line that names none is its as well. */
  private foreign = false

  constructor(readonly options: ReadOptions) {
    this.register = new Register(options)
    this.wants = wanted(options)
  }

  /** The next input's entries are numbered from here on. */
  begin(rank: number): void {
    this.counter.seq = rank * SEQ_STEP
  }

  /** The entry, if it is wanted; counted in any case. */
  take(input: Input, maker: Maker, made: Placed): Entry | null {
    input.entries++
    if (this.isForeign(made.draft)) return null
    const entry = maker.entry(made, this.counter.seq++)
    if (!this.wants(entry)) return null
    maker.keep(entry.time)
    return entry
  }

  /** @param offset bytes read of the input at hand. */
  reached(offset: number): void {
    this.options.progress?.(this.bytesBefore + offset, this.total)
  }

  ended(input: Input): void {
    this.bytesBefore += input.bytes
  }

  /** Nothing else gets its turn while files are read synchronously: signals, the progress that is shown. */
  async breathe(offset: number): Promise<void> {
    await new Promise(setImmediate)
    this.options.signal?.throwIfAborted()
    this.reached(offset)
  }

  /** Of a host that was not asked for: in a fleet's stream these are most, so they are told apart before anything else is done. */
  private isForeign({ host }: Draft): boolean {
    const { hosts } = this.options
    if (hosts !== undefined && host !== null) this.foreign = !hosts(host)
    return this.foreign
  }
}
