import { setImmediate } from 'node:timers/promises'
import * as threading from 'node:worker_threads'
import { walkModule } from './module.ts'
import { type Range, Ranger, type Stretch } from './ranger.ts'
import { type Answer, CLAIMED, type Errand, filler, MARGIN, NEEDED, RANGE, type Task } from './ranges.ts'
import { startThread, type Thread } from './thread.ts'
import { type Aim, Walk } from './walk.ts'

/** Ranges that may be told of before anybody needs them. */
const AHEAD = 32
/** Ranges between two moments in which something else may happen, timers and signals among it. */
const BREATH = 8

/**
 * Those who walk over the ranges of a file ahead of its reading: threads, and the one who reads in order while it waits for one of them. Each has
 * its own walk over one compiled module; what they have in common is two numbers. They serve one file after the other, until `stop`.
 */
export class Crew {
  private readonly members: Thread[]
  private aim: Aim | null = null
  private own: Walk | null = null
  private errands = 0
  private answers = new Map<number, Stretch[]>()
  private wake: () => void = () => {}
  private broken = false

  /**
   * @param threads besides the one that reads.
   * @param early those of them that were started before.
   */
  constructor(threads: number, early: readonly Thread[] = []) {
    this.members = Array.from({ length: threads }, (_, index) => early[index] ?? startThread(threading))
    for (const { worker, port } of this.members) {
      port.on('message', (answer: Answer) => this.take(answer))
      // Then the ranges it has claimed are read like any others.
      worker.on('error', () => {
        this.broken = true
        this.wake()
      })
    }
  }

  /** The stretches of each range in order; of a range that nobody has claimed when it is needed none: until the threads are there, there is no waiting. */
  async *ranges(fd: number, size: number, aim: Aim): AsyncGenerator<Range> {
    this.heed(aim)
    const progress = new Int32Array(new SharedArrayBuffer(8))
    const errand: Errand = { number: ++this.errands, fd, size, progress, ahead: AHEAD }
    this.answers = new Map()
    this.send(errand)
    const ahead = this.own && new Ranger(this.own)
    const end = Math.ceil(size / RANGE)
    try {
      for (let index = 0; index < end && !this.broken; index++) {
        if (index % BREATH === 0) await setImmediate()
        Atomics.store(progress, NEEDED, index)
        Atomics.notify(progress, NEEDED)
        const isFree = Atomics.compareExchange(progress, CLAIMED, index, index + 1) === index
        yield { to: Math.min((index + 1) * RANGE, size), stretches: isFree ? null : await this.answer(index, errand, ahead) }
      }
    } finally {
      // Nobody claims or waits any more.
      Atomics.store(progress, CLAIMED, end)
      Atomics.store(progress, NEEDED, end)
      Atomics.notify(progress, NEEDED)
    }
  }

  async stop(): Promise<void> {
    for (const { port } of this.members) port.close()
    await Promise.all(this.members.map(({ worker }) => worker.terminate()))
  }

  /** From now on lines are passed over that this does not ask for. */
  private heed(aim: Aim): void {
    if (this.aim === aim) return
    const module = walkModule()
    this.aim = aim
    this.own = module && Walk.over(module, aim)
    this.send({ module, aim })
  }

  private send(task: Task): void {
    for (const { worker } of this.members) worker.postMessage(task)
  }

  private async answer(index: number, errand: Errand, ahead: Ranger | null): Promise<Stretch[]> {
    while (!this.broken) {
      for (const { port } of this.members) {
        for (let got = threading.receiveMessageOnPort(port); got; got = threading.receiveMessageOnPort(port))
          this.take(got.message as Answer) // what worker.ts sends
      }
      const stretches = this.answers.get(index)
      this.answers.delete(index)
      if (stretches) return stretches
      if (ahead && this.walkAhead(errand, index, ahead)) continue
      await new Promise<void>(resolve => {
        this.wake = resolve
      })
    }
    return this.answers.get(index) ?? []
  }

  /** Claims a range, as a thread does; false where none is left that anybody may walk over yet. */
  private walkAhead({ number, fd, size, progress, ahead }: Errand, needed: number, ranger: Ranger): boolean {
    const index = Atomics.load(progress, CLAIMED)
    if (index * RANGE >= size || index > needed + ahead) return false
    if (Atomics.compareExchange(progress, CLAIMED, index, index + 1) !== index) return true
    this.take({ number, index, stretches: ranger.stretches(index * RANGE, RANGE, MARGIN, filler(fd)) })
    return true
  }

  private take({ number, index, stretches }: Answer): void {
    if (number !== this.errands) return
    // What was a Buffer comes over as bare bytes.
    for (const { pid1 } of stretches.flatMap(({ places }) => places)) {
      if (pid1) pid1.bytes = Buffer.from(pid1.bytes.buffer, pid1.bytes.byteOffset, pid1.bytes.length)
    }
    this.answers.set(index, stretches)
    this.wake()
  }
}
