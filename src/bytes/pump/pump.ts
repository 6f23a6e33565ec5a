import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Spill } from '../spill.ts'
import { Ring } from './ring.ts'
import source from './worker.json' with { type: 'json' }

/** What the thread is told. */
export interface Errand {
  ring: SharedArrayBuffer
  fd: number
  spill: SharedArrayBuffer | null
}

/** How the reading ended: at the end, where a read would not wait, or by what the system said. */
export type End = { kind: 'whole' } | { kind: 'refused' } | { kind: 'broken'; message: string }

/** Takes between two moments in which something else may happen. */
const BREATH = 8
/** MB of the thread's own heap: it makes nothing. */
const HEAP = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 }

/** A thread that reads a descriptor by reads that wait, beside the one that looks at what was read. */
export class Pump {
  private readonly ring = new Ring()
  private readonly worker: Worker
  private over: End | null = null
  private wake: () => void = () => {}

  constructor(fd: number, spill: Spill | null) {
    const errand: Errand = { ring: this.ring.shared, fd, spill: spill?.shared ?? null }
    // The spill's file outlives the thread.
    const options = { eval: true, workerData: errand, resourceLimits: HEAP, trackUnmanagedFds: false }
    this.worker = new Worker(source.code, options)
    this.worker.on('message', (end: End | null) => this.hear(end))
    this.worker.on('error', ({ message }) => this.hear({ kind: 'broken', message }))
  }

  /** All that can be read from now on. A chunk is its reader's until the next is asked for. */
  async *chunks(): AsyncGenerator<Buffer, End> {
    const { ring } = this
    try {
      for (let taken = 0; ; ) {
        const chunk = ring.filled()
        if (chunk.length > 0) {
          if (++taken % BREATH === 0) await setImmediate()
          yield chunk
          ring.take(chunk.length)
        } else if (this.over) return this.over
        else if (ring.ask()) await this.told()
        else await setImmediate()
      }
    } finally {
      // Not waited for: a read may be under way.
      void this.worker.terminate()
    }
  }

  private told(): Promise<void> {
    return new Promise(resolve => {
      this.wake = resolve
      if (this.over) resolve()
    })
  }

  private hear(end: End | null): void {
    if (end) this.ring.end()
    this.over ??= end
    this.wake()
  }
}
