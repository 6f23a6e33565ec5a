import type { Found } from './find/files.ts'
import { type Sight, type Sought, soughtOf, unseen } from './find/look.ts'
import type { Item } from './item.ts'
import type { Looks } from './plan.ts'
import type { Pool, Task } from './pool.ts'
import { faultOf, type Result } from './result.ts'
import type { Looked, LookOrder } from './work.ts'

/** Examines items, which are lines of `fleet plan`; a worker that dies costs the item it was at, as a row with the reason. */
export function examine(pool: Pool, lines: AsyncIterable<string>): AsyncGenerator<Result> {
  async function* tasks(): AsyncGenerator<Task<Result>> {
    for await (const line of lines) {
      const item = JSON.parse(line) as Item // as it was planned
      yield {
        line,
        bytes: item.bytes,
        read: answer => JSON.parse(answer) as Result, // what our own `work` printed
        lost: reason => ({ answer: faultOf(item, `the worker that read it ended ${reason}`, true) }),
      }
    }
  }
  return pool.run(tasks())
}

/** What a worker looks at before it answers. */
const FILES = 32
const BYTES = 4 * 2 ** 20

/** Looks at files in the workers. */
export function looksOf(pool: Pool): Looks {
  return async function* (batches, field) {
    async function* tasks(): AsyncGenerator<Task<[Found, Sight][]>> {
      for await (const batch of batches) {
        let files: Found[] = []
        let bytes = 0
        for (const found of batch) {
          files.push(found)
          bytes += soughtOf(found).size
          if (files.length < FILES && bytes < BYTES) continue
          yield taskOf(files, field)
          files = []
          bytes = 0
        }
        if (files.length > 0) yield taskOf(files, field)
      }
    }
    for await (const seen of pool.run(tasks())) yield* seen
  }
}

function taskOf(files: readonly Found[], field: string | null): Task<[Found, Sight][]> {
  const look: Sought[] = files.map(soughtOf)
  const order: LookOrder = { look, field }
  return {
    line: JSON.stringify(order),
    bytes: look.reduce((sum, { size }) => sum + size, 0),
    read: answer => {
      const { sights } = JSON.parse(answer) as Looked // what our own `work` printed
      return files.map((found, index) => [found, sights[index] ?? unseen(found.path, 'was not looked at')])
    },
    lost: reason => {
      const [one, ...more] = files
      if (more.length > 0) return { again: files.map(found => taskOf([found], field)) }
      return { answer: one ? [[one, unseen(one.path, `the worker that looked at it ended ${reason}`)]] : [] }
    },
  }
}
