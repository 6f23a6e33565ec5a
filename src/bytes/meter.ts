import { InputError } from '../problems/problem.ts'
import type { Chunks } from './container.ts'

/** How much packed bytes may become: what unpacks to more is taken for a bomb, or asks for more than the machine has. */
export interface Limit {
  /** In bytes, for each file that the user named and each file in it. */
  bytes: number
  /** Times its own size. */
  ratio: number
}

/** Unless `--max-expanded` says otherwise: 64 GiB, and 500 times the size. Logs pack to a tenth, a storm's to a hundredth. */
export const USUAL_LIMIT: Limit = { bytes: 64 * 2 ** 30, ratio: 500 }

/** What is smaller than this may have any ratio. */
const HARMLESS = 256 * 2 ** 20

/** @throws InputError where `size` bytes out of `packed` are too many. */
export function expectWithin(limit: Limit, size: number, packed: number, label: string): void {
  if (size > limit.bytes) {
    throw new InputError(`${label}: expands to more than ${limit.bytes} bytes; what follows was not read (--max-expanded)`)
  }
  if (size > HARMLESS && size > packed * limit.ratio) {
    const sentence = `expands to more than ${limit.ratio} times its size, as a bomb does`
    throw new InputError(`${label}: ${sentence}; what follows was not read (--max-expanded SIZE reads on)`)
  }
}

/** Passes bytes on as long as they keep to the limit; `packed` tells how many were read for them. @throws InputError beyond. */
export async function* metered(chunks: Chunks, packed: () => number, limit: Limit, label: string): Chunks {
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    expectWithin(limit, size, packed(), label)
    yield chunk
  }
}
