import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

/** How a worker is started: the very command that Spark or Slurm would run. */
export interface Start {
  command: string
  args: readonly string[]
}

/** A line for a worker, and what is made of the line that it answers. */
export interface Task<Answer> {
  line: string
  /** Of what it reads: small tasks are handed out several at a time. */
  bytes: number
  read(line: string): Answer
  /** The worker that was at it has ended: the answer instead, or smaller tasks to find out what brought it down. */
  lost(reason: string): { answer: Answer } | { again: readonly Task<Answer>[] }
}

/** So many workers in a row that end without a word cannot be the tasks' doing: no other would fare better. */
const MOST_MUTE = 5

/** What a worker has at hand, so that it never waits for us: at least one that waits behind the one in work, more where they are small. */
const LEAST_AT_HAND = 2
const MOST_AT_HAND = 32
const BYTES_AT_HAND = 2 ** 20

/** Answers that wait to be kept; beyond, no more tasks are handed out. */
const MOST_WAITING = 256

/**
 * Worker processes that read tasks' lines and answer each with one. They start when there is something to do and last until `end`. A worker that
 * dies (out of memory, a fault of ours) costs the task it was at; a new one takes its place.
 */
export class Pool {
  private readonly workers = new Set<Worker>()
  private mute = 0
  private round: Round<unknown> | null = null

  constructor(
    private readonly start: Start,
    private readonly jobs: number,
  ) {
    // When we end, whatever way, nobody reads what they find.
    process.once('exit', this.killAll)
  }

  /** Answers as they come, whatever order that is. One such round at a time. */
  async *run<Answer>(tasks: AsyncIterable<Task<Answer>>): AsyncGenerator<Answer> {
    const round = new Round(tasks, () => this.deal(round))
    this.round = round as Round<unknown> // its own answers go back to it alone
    void round.pull()
    try {
      for (;;) {
        for (let answer = round.arrived.shift(); answer !== undefined; answer = round.arrived.shift()) {
          yield answer.value
          this.deal(round)
        }
        if (round.failure) throw round.failure
        if (round.over()) return
        await round.news()
      }
    } finally {
      this.round = null
      if (!round.over()) this.killAll()
    }
  }

  /** No more is to come; they end. */
  async end(): Promise<void> {
    process.off('exit', this.killAll)
    await Promise.all(
      [...this.workers].map(worker => {
        worker.dismiss()
        return worker.ended
      }),
    )
  }

  private readonly killAll = (): void => {
    for (const worker of this.workers) worker.kill()
    this.workers.clear()
  }

  /** Hands out what waits, to whoever has least to do. */
  private deal<Answer>(round: Round<Answer>): void {
    while (round.waiting.length > 0 && round.arrived.length < MOST_WAITING && !round.failure) {
      const hand = this.freest()
      if (!hand) break
      const task = round.waiting.shift()
      if (!task) break
      hand.give(task as Task<unknown>) // answered to the round that gave it
      round.underWay++
    }
    void round.pull()
  }

  private freest(): Worker | null {
    const free = [...this.workers].filter(worker => worker.wants()).sort((a, b) => a.atHand.length - b.atHand.length)[0]
    if (free && (free.atHand.length === 0 || this.workers.size >= this.jobs)) return free
    return this.workers.size < this.jobs ? this.hire() : (free ?? null)
  }

  private hire(): Worker {
    const worker: Worker = new Worker(this.start, {
      answered: (task, line) => {
        this.mute = 0
        this.round?.take({ value: task.read(line) })
      },
      gone: reason => this.bury(worker, reason),
    })
    this.workers.add(worker)
    return worker
  }

  private bury(worker: Worker, reason: string): void {
    if (!this.workers.delete(worker)) return
    const { round } = this
    const [at, ...others] = worker.atHand
    if (!round) return
    if (!at) {
      this.deal(round)
      return
    }
    this.mute = worker.spoke ? 0 : this.mute + 1
    if (this.mute >= MOST_MUTE) round.fail(new Error(`${this.mute} workers in a row ended before a result, the last ${reason}`))
    round.underWay -= others.length
    round.waiting.unshift(...others)
    const lost = at.lost(reason)
    if ('answer' in lost) round.take({ value: lost.answer })
    else {
      round.underWay--
      round.waiting.unshift(...lost.again)
    }
    this.deal(round)
    round.tell()
  }
}

/** Tasks of one kind, from where they come to their answers. */
class Round<Answer> {
  readonly waiting: Task<Answer>[] = []
  readonly arrived: { value: Answer }[] = []
  underWay = 0
  failure: Error | null = null
  private readonly source: AsyncIterator<Task<Answer>>
  private pulling = false
  private exhausted = false
  private wake = (): void => {}

  constructor(
    tasks: AsyncIterable<Task<Answer>>,
    private readonly deal: () => void,
  ) {
    this.source = tasks[Symbol.asyncIterator]()
  }

  over(): boolean {
    return this.exhausted && this.waiting.length === 0 && this.underWay === 0 && this.arrived.length === 0
  }

  /** Keeps a few tasks ready. */
  async pull(): Promise<void> {
    if (this.pulling || this.exhausted) return
    this.pulling = true
    try {
      while (this.waiting.length < MOST_AT_HAND && !this.failure) {
        const next = await this.source.next()
        if (next.done) {
          this.exhausted = true
          break
        }
        this.waiting.push(next.value)
        this.deal()
      }
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)))
    }
    this.pulling = false
    this.tell()
  }

  take(answer: { value: Answer }): void {
    this.underWay--
    this.arrived.push(answer)
    this.deal()
    this.tell()
  }

  fail(error: Error): void {
    this.failure ??= error
    this.tell()
  }

  tell(): void {
    this.wake()
  }

  /** Until something has happened. */
  news(): Promise<void> {
    return new Promise(resolve => {
      this.wake = resolve
    })
  }
}

interface Listener {
  answered(task: Task<unknown>, line: string): void
  gone(reason: string): void
}

class Worker {
  readonly atHand: Task<unknown>[] = []
  spoke = false
  readonly ended: Promise<void>
  private readonly child: ChildProcessByStdio<Writable, Readable, null>

  constructor({ command, args }: Start, listener: Listener) {
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.child.stdin.on('error', () => {}) // told by 'close'
    createInterface({ input: this.child.stdout }).on('line', line => {
      this.spoke = true
      const task = this.atHand.shift()
      if (task) listener.answered(task, line)
    })
    this.child.once('error', error => listener.gone(`(${error.message})`))
    this.ended = new Promise(resolve => this.child.once('close', () => resolve()))
    this.child.once('close', (status, signal) => listener.gone(signal ? `by ${signal}` : `with status ${status}`))
  }

  wants(): boolean {
    const { length } = this.atHand
    if (length < LEAST_AT_HAND) return true
    return length < MOST_AT_HAND && this.atHand.reduce((sum, { bytes }) => sum + bytes, 0) < BYTES_AT_HAND
  }

  give(task: Task<unknown>): void {
    this.atHand.push(task)
    this.child.stdin.write(`${task.line}\n`)
  }

  dismiss(): void {
    this.child.stdin.end()
  }

  kill(): void {
    this.child.kill('SIGKILL')
  }
}
