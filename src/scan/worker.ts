// Runs in a thread of its own; bundled as text (src/build.mjs), for src/scan/crew.ts.
import { readSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import type { WasmModule } from '../bytes/webassembly.ts'
import { Ranger } from './ranger.ts'
import { CLAIMED, type Errand, MARGIN, NEEDED, RANGE } from './ranges.ts'
import { type Aim, Walk } from './walk.ts'

// What src/scan/crew.ts gives.
const { module, aim } = workerData as { module: WasmModule; aim: Aim }

const walk = Walk.over(module, aim)

parentPort?.on('message', ({ fd, size, progress, ahead }: Errand) => {
  const ranger = walk && new Ranger(walk)
  const read = (target: Buffer, offset: number): number => {
    let done = 0
    for (let count = 1; count > 0 && done < target.length; done += count)
      count = readSync(fd, target, done, target.length - done, offset + done)
    return done
  }
  for (;;) {
    const index = Atomics.add(progress, CLAIMED, 1)
    if (index * RANGE >= size) return
    for (let needed = Atomics.load(progress, NEEDED); index > needed + ahead; needed = Atomics.load(progress, NEEDED)) {
      Atomics.wait(progress, NEEDED, needed)
    }
    parentPort?.postMessage({ index, stretches: ranger?.stretches(index * RANGE, RANGE, MARGIN, read) ?? [] })
  }
})
