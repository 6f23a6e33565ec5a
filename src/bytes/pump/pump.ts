import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { Ring } from './ring.ts'
import type { Spill } from './spill.ts'
import source from './worker.json' with { type: 'json' }

/** What the thread is told. */
export interface Errand {
  ring: SharedArrayBuffer
  fd: number
  part: SharedArrayBuffer | null
}

/** How the reading ended: at the end, where a read would not wait, or by what the system said. */
export type End = { kind: 'whole' } | { kind: 'refused' } | { kind: 'broken'; message: string }

/** Takes between two moments in which something else may happen. */
const BREATH = 8
/** MB of the thread's own heap: bytes lie elsewhere. */
const HEAP = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 }

/**
 * Reads a descriptor in a thread of its own, by reads that wait, while this one looks at what was read before. What is read passes the spill,
 * there or here. A chunk is its reader's until the next is asked for.
 */
export async function* pumped(fd: number, spill: Spill | null): AsyncGenerator<Buffer, End> {
  const ring = new Ring()
  const errand: Errand = { ring: ring.shared, fd, part: spill?.part().shared ?? null }
  let over: End | null = null
  let wake = () => {}
  function hear(end: End | null): void {
    if (end) ring.end()
    over ??= end
    wake()
  }
  // The file of the thread's part outlives it.
  const options = { eval: true, workerData: errand, resourceLimits: HEAP, trackUnmanagedFds: false }
  const worker = new Worker(source.code, options)
  worker.on('message', hear)
  worker.on('error', ({ message }) => hear({ kind: 'broken', message }))
  try {
    for (let taken = 0; ; ) {
      const chunk = ring.filled()
      if (chunk.length > 0) {
        if (++taken % BREATH === 0) await setImmediate()
        for (const { bytes, left } of ring.steps(chunk)) left ? spill?.pass(bytes) : spill?.passOver(bytes.length)
        yield chunk
        ring.take(chunk.length)
      } else if (over) return over
      else if (ring.ask()) {
        await new Promise<void>(resolve => {
          wake = resolve
        })
      } else await setImmediate()
    }
  } finally {
    // Not waited for: a read may be under way.
    void worker.terminate()
  }
}
