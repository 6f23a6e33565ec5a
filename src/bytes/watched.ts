import { fstatSync, openSync } from 'node:fs'
import { InputError } from '../problems/problem.ts'
import { reasonOf, sizeIn } from './file.ts'
import { type ByteSource, fdSource } from './source.ts'

/** A source of which is known how much was read. */
export interface Counted {
  source: ByteSource
  /** Bytes so far. */
  read(): number
}

/** A file that should lie still while it is read. Closing it twice is closing it. */
export interface Watched extends Counted {
  /** Whether somebody wrote to it since it was opened. */
  changed(): boolean
}

export function counted(source: ByteSource): Counted {
  let read = 0
  return {
    read: () => read,
    source: {
      ...source,
      read: (offset, target) => {
        const count = source.read(offset, target)
        read += count
        return count
      },
    },
  }
}

/** @throws InputError where it cannot be opened. */
export function watched(path: string): Watched {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch (error) {
    throw new InputError(`${path}: ${reasonOf(error)}`)
  }
  const before = fstatSync(fd)
  const file = counted(fdSource(fd, sizeIn(before) ?? 0))
  let [closed, changed] = [false, false]
  function look(): boolean {
    if (closed || changed) return changed
    const { size, mtimeMs } = fstatSync(fd)
    changed = size !== before.size || mtimeMs !== before.mtimeMs
    return changed
  }
  function close(): void {
    look()
    if (!closed) file.source.close()
    closed = true
  }
  return { source: { ...file.source, close }, read: file.read, changed: look }
}
