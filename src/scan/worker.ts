// Runs in a thread of its own; bundled as text (src/build.mjs), for src/scan/crew.ts.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { Ranger } from './ranger.ts'
import { type Answer, CLAIMED, type Errand, filler, MARGIN, NEEDED, RANGE, type Task } from './ranges.ts'
import { Walk } from './walk.ts'

// What src/scan/crew.ts gives.
const port = workerData as MessagePort

let walk: Walk | null = null

parentPort?.on('message', (task: Task) => {
  if ('fd' in task) go(task)
  else walk = task.module && Walk.over(task.module, task.aim)
})

function go({ number, fd, size, progress, ahead }: Errand): void {
  const ranger = walk && new Ranger(walk)
  const read = filler(fd)
  for (;;) {
    const index = Atomics.add(progress, CLAIMED, 1)
    if (index * RANGE >= size) return
    for (let needed = Atomics.load(progress, NEEDED); index > needed + ahead; needed = Atomics.load(progress, NEEDED)) {
      Atomics.wait(progress, NEEDED, needed)
    }
    const stretches = ranger?.stretches(index * RANGE, RANGE, MARGIN, read) ?? []
    port.postMessage({ number, index, stretches } satisfies Answer)
  }
}
