import { fstatSync, read, readFileSync, type Stats } from 'node:fs'
import { promisify } from 'node:util'
import { InputError } from '../problems/problem.ts'
import type { Chunks } from './container.ts'
import type { Spill } from './pump/spill.ts'

/** What standard input gives, or what stands in for it. */
export type Stream = AsyncIterable<Buffer | string>

/** The stream as buffers. */
export async function* streamChunks(stream: Stream): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
  } catch (error) {
    throw new InputError(`standard input: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const STDIN = 0

/** What stands behind `inquest < FILE`, if none of it was read before; null where standard input is no file. */
export function fileAtStdin(): Stats | null {
  try {
    const found = fstatSync(STDIN)
    return found.isFile() && positionOf(STDIN) === 0 ? found : null
  } catch {
    return null
  }
}

/** Where the next read begins (proc(5), fdinfo); null where the system does not tell. */
function positionOf(fd: number): number | null {
  const told = /^pos:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))
  return told ? Number(told[1]) : null
}

/** A pipe gives 64 KB at a time, whatever is asked for (Linux pipe(7)). */
const ASKED = 64 * 1024
/** A thread takes as long to start as reading some megabytes: what is shorter is read without. */
const LONG = 1 << 20

const readInto = promisify(read)

/** Standard input. A pipe is read by itself: process.stdin takes twice as long for it. What the spill is to keep is put there. */
export async function* standardInput(spill: Spill | null = null): Chunks {
  if (fstatSync(STDIN).isFIFO() && (yield* pipe(spill))) return
  const rest = streamChunks(process.stdin)
  yield* spill ? spill.passed(rest) : rest
}

/** Answers whether that was all; false: somebody who shares the pipe wants reads not to wait. */
async function* pipe(spill: Spill | null): AsyncGenerator<Buffer, boolean> {
  const slab = Buffer.allocUnsafeSlow(LONG)
  for (let at = 0; at + ASKED <= LONG; ) {
    const count = await readPipe(slab, at)
    if (count === null || count === 0) return count === 0
    const chunk = slab.subarray(at, at + count)
    spill?.pass(chunk)
    yield chunk
    at += count
  }
  const { pumped } = await import('./pump/pump.ts')
  const end = yield* pumped(STDIN, spill)
  if (end.kind === 'broken') throw broken(end.message)
  return end.kind === 'whole'
}

async function readPipe(target: Buffer, at: number): Promise<number | null> {
  try {
    return (await readInto(STDIN, target, at, ASKED, null)).bytesRead
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException // what node:fs answers
    if (code === 'EAGAIN') return null
    throw broken(message)
  }
}

function broken(message: string): InputError {
  return new InputError(`standard input: ${message}`)
}
