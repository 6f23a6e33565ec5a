import type { Problem } from '../problems/problem.ts'
import type { Chunks, Container } from './container.ts'
import { started, throughTool, toolNamed } from './tool.ts'

/** A compression for which there is an installed tool on most machines, and a library for the rest. */
export interface Compression {
  name: string
  about: string
  sniff(head: Buffer): boolean
  /** The command and its options; it reads standard input and writes standard output. */
  tool: readonly [command: string, ...args: string[]]
  /** The same without the tool: delivers what it can, answers whether all was whole. */
  library(chunks: Chunks): AsyncGenerator<Buffer, boolean>
}

/**
 * The tool is faster than any library (zstd five times) and checks every checksum; the library gives the same answers where it is missing
 * or cannot be started, in the same words.
 */
export function packed(compression: Compression): Container {
  const { name, about, sniff, tool, library } = compression
  async function* unpack(chunks: Chunks, tell: (problem: Problem) => void, lent = () => false): Chunks {
    const [command, ...args] = tool
    const path = toolNamed(command)
    const running = path === null ? null : await started(path, args)
    const whole = yield* running === null ? library(chunks) : throughTool(running, chunks, lent)
    if (!whole) tell({ message: `the ${name} file is damaged or cut off: what follows could not be unpacked` })
  }
  return { name, about, sniff, unpack }
}

/** Whether these bytes begin like that. */
export function begins(head: Uint8Array, ...magic: number[]): boolean {
  return magic.every((byte, index) => head[index] === byte)
}
