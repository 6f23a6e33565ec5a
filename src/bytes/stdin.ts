import { fstatSync, read, readFileSync, type Stats } from 'node:fs'
import { promisify } from 'node:util'
import { InputError } from '../problems/problem.ts'
import type { Chunks } from './container.ts'

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

/** What a pipe's reads fill before they get another buffer: one each would keep the collector busy. */
const SLAB = 1 << 20
/** A pipe gives 64 KB at a time, whatever is asked for (Linux pipe(7)). */
const ASKED = 64 * 1024

const readInto = promisify(read)

/** Standard input. A pipe is read by itself: process.stdin takes twice as long for it. */
export async function* standardInput(): Chunks {
  if (fstatSync(STDIN).isFIFO() && (yield* pipe())) return
  yield* streamChunks(process.stdin)
}

/** Answers whether that was all; false: somebody who shares the pipe wants reads not to wait. */
async function* pipe(): AsyncGenerator<Buffer, boolean> {
  let slab = Buffer.allocUnsafeSlow(SLAB)
  for (let at = 0; ; ) {
    if (at + ASKED > SLAB) [slab, at] = [Buffer.allocUnsafeSlow(SLAB), 0]
    const count = await readPipe(slab, at)
    if (count === null) return false
    if (count === 0) return true
    yield slab.subarray(at, at + count)
    at += count
  }
}

async function readPipe(target: Buffer, at: number): Promise<number | null> {
  try {
    return (await readInto(STDIN, target, at, ASKED, null)).bytesRead
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException // what node:fs answers
    if (code === 'EAGAIN') return null
    throw new InputError(`standard input: ${message}`)
  }
}
