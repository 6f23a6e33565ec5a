import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { Item } from './item.ts'
import { faultOf, type Result } from './result.ts'

/** How a worker is started: the very command that Spark or Slurm would run. */
export interface Start {
  command: string
  args: readonly string[]
}

/** So many in a row that end without a word cannot be the items' doing: no other would fare better. */
const MOST_MUTE = 5

/** Items that a worker has at hand: one in work and one that waits, so that it never waits for us. */
const AT_HAND = 2

/**
 * Runs items on worker processes and yields results as they come. A worker that dies (out of memory, a fault of ours) costs the item it
 * was at, as a row with the reason; a new one takes its place.
 */
export async function* runPool(items: Iterable<Item>, jobs: number, start: Start): AsyncGenerator<Result> {
  const source = items[Symbol.iterator]()
  const arrived: Result[] = []
  const again: Item[] = []
  let wake = (): void => {}
  let failure: Error | null = null
  let mute = 0
  const next = (): Item | null => again.pop() ?? source.next().value ?? null
  const workers = new Set<Worker>()

  function hire(): void {
    const first = next()
    if (!first) return
    const worker = new Worker(start, {
      result: result => {
        arrived.push(result)
        feed(worker)
        wake()
      },
      gone: reason => {
        workers.delete(worker)
        const [at, ...others] = worker.atHand
        mute = worker.spoke ? 0 : mute + 1
        if (at && mute >= MOST_MUTE) failure = new Error(`${mute} workers in a row ended before a result, the last ${reason}`)
        if (at) arrived.push(faultOf(at, `the worker that read it ended ${reason}`, true))
        again.push(...others)
        if (!failure) hire()
        wake()
      },
    })
    workers.add(worker)
    worker.give(first)
    feed(worker)
  }
  function feed(worker: Worker): void {
    while (worker.atHand.length < AT_HAND) {
      const item = next()
      if (!item) break
      worker.give(item)
    }
    if (worker.atHand.length === 0) worker.dismiss()
  }

  const killAll = (): void => {
    for (const worker of workers) worker.kill()
  }
  // When we end, whatever way, nobody reads what they find.
  process.once('exit', killAll)
  for (let job = 0; job < jobs; job++) hire()
  try {
    while (workers.size > 0 || arrived.length > 0) {
      const result = arrived.shift()
      if (result) {
        yield result
        continue
      }
      await new Promise<void>(resolve => {
        wake = resolve
        if (arrived.length > 0 || workers.size === 0) resolve()
      })
      if (failure) throw failure
    }
  } finally {
    process.off('exit', killAll)
    killAll()
  }
}

interface Listener {
  result(result: Result): void
  gone(reason: string): void
}

class Worker {
  readonly atHand: Item[] = []
  spoke = false
  private readonly child: ChildProcessByStdio<Writable, Readable, null>

  constructor({ command, args }: Start, listener: Listener) {
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.child.stdin.on('error', () => {}) // told by 'close'
    createInterface({ input: this.child.stdout }).on('line', line => {
      this.spoke = true
      this.atHand.shift()
      listener.result(JSON.parse(line) as Result) // what our own `work` printed
    })
    this.child.once('error', error => listener.gone(`(${error.message})`))
    this.child.once('close', (status, signal) => listener.gone(signal ? `by ${signal}` : `with status ${status}`))
  }

  give(item: Item): void {
    this.atHand.push(item)
    this.child.stdin.write(`${JSON.stringify(item)}\n`)
  }

  dismiss(): void {
    this.child.stdin.end()
  }

  kill(): void {
    this.child.kill('SIGKILL')
  }
}
