import type { MessagePort, Worker } from 'node:worker_threads'
import source from './worker.json' with { type: 'json' }

/** A thread that walks over ranges (worker.ts), and where its answers come. */
export interface Thread {
  worker: Worker
  port: MessagePort
}

/** MB of a thread's own heap. What it tells of lives but until it is told. */
const HEAP = { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 8 }

/** @param threads what makes them: a start does not import it (src/cli/compiled.ts). */
export function startThread({ MessageChannel, Worker }: typeof import('node:worker_threads')): Thread {
  const { port1: port, port2: theirs } = new MessageChannel()
  const options = { eval: true, workerData: theirs, transferList: [theirs], resourceLimits: HEAP }
  const worker = new Worker(source.code, options)
  // It has claimed nothing before somebody listens.
  worker.on('error', () => {})
  return { worker, port }
}
