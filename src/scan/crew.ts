import { Worker } from 'node:worker_threads'
import { walkModule } from './module.ts'
import type { Range, Stretch } from './ranger.ts'
import { CLAIMED, type Errand, NEEDED, RANGE } from './ranges.ts'
import type { Aim } from './walk.ts'
import source from './worker.json' with { type: 'json' }

interface Answer {
  index: number
  stretches: Stretch[]
}

/** Ranges that a thread may have told of before anybody needs them. */
const AHEAD = 32
/** MB of a thread's own heap. What it tells of lives but until it is told. */
const HEAP = { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 8 }

/**
 * Threads that walk over the ranges of a file ahead of the one who reads it in order. They run from the first file on to `stop`. Each has its
 * own walk over one compiled module; what they have in common is two numbers.
 */
export class Crew {
  private readonly workers: Worker[]
  private readonly answers = new Map<number, Stretch[]>()
  private wake: () => void = () => {}
  private broken = false
  /** Its threads have ended: another is needed. */
  stopped = false

  constructor(aim: Aim, threads: number) {
    const module = walkModule()
    this.workers = Array.from({ length: threads }, () => {
      const worker = new Worker(source.code, { eval: true, workerData: { module, aim }, resourceLimits: HEAP })
      worker.on('message', ({ index, stretches }: Answer) => this.take(index, stretches))
      // Then the ranges it has claimed are read like any others.
      worker.on('error', () => this.break())
      return worker
    })
  }

  /**
   * The stretches of each range in order; of a range that nobody has claimed when it is needed none: until the threads are there, there is no
   * waiting. Whoever wants no more of them ends the threads.
   */
  async *ranges(fd: number, size: number): AsyncGenerator<Range> {
    const progress = new Int32Array(new SharedArrayBuffer(8))
    this.answers.clear()
    const errand: Errand = { fd, size, progress, ahead: AHEAD }
    for (const worker of this.workers) worker.postMessage(errand)
    let index = 0
    try {
      for (; index * RANGE < size && !this.broken; index++) {
        Atomics.store(progress, NEEDED, index)
        Atomics.notify(progress, NEEDED)
        const isFree = Atomics.compareExchange(progress, CLAIMED, index, index + 1) === index
        yield { to: Math.min((index + 1) * RANGE, size), stretches: isFree ? null : await this.answer(index) }
      }
      // Nobody claims or waits any more.
      Atomics.store(progress, NEEDED, Math.ceil(size / RANGE))
      Atomics.notify(progress, NEEDED)
    } finally {
      if (index * RANGE < size) await this.stop()
    }
  }

  async stop(): Promise<void> {
    this.stopped = true
    await Promise.all(this.workers.map(worker => worker.terminate()))
  }

  private async answer(index: number): Promise<Stretch[]> {
    while (!this.broken && !this.answers.has(index)) {
      await new Promise<void>(resolve => {
        this.wake = resolve
      })
    }
    const stretches = this.answers.get(index) ?? []
    this.answers.delete(index)
    return stretches
  }

  private take(index: number, stretches: Stretch[]): void {
    // What was a Buffer comes over as bare bytes.
    for (const { pid1 } of stretches.flatMap(({ places }) => places)) {
      if (pid1) pid1.bytes = Buffer.from(pid1.bytes.buffer, pid1.bytes.byteOffset, pid1.bytes.length)
    }
    this.answers.set(index, stretches)
    this.wake()
  }

  private break(): void {
    this.broken = true
    this.wake()
  }
}
