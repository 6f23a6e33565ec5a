// Runs in a thread of its own; bundled as text (src/build.mjs), for src/bytes/pump/pump.ts.
import { readSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { Part } from './part.ts'
import type { End, Errand } from './pump.ts'
import { Ring } from './ring.ts'

const errand = workerData as Errand // what src/bytes/pump/pump.ts gives
const ring = new Ring(errand.ring)
const part = errand.part && new Part(errand.part)

function tell(end: End | null): void {
  parentPort?.postMessage(end)
}

/** Answers how it ended. */
function pump(): End {
  for (;;) {
    const room = ring.room()
    let count: number
    try {
      count = readSync(errand.fd, room, 0, room.length, null)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException // what node:fs throws
      return code === 'EAGAIN' ? { kind: 'refused' } : { kind: 'broken', message }
    }
    if (count === 0) return { kind: 'whole' }
    if (ring.leave()) part?.passOver(count)
    else part?.pass(room.subarray(0, count))
    if (ring.put(count)) tell(null)
  }
}

const end = pump()
ring.end()
tell(end)
