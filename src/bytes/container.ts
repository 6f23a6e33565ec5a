import type { Problem } from '../problems/problem.ts'

export type Chunks = AsyncIterable<Buffer>

/** Something bytes come wrapped in. One file each, listed in registry.ts. */
export interface Container {
  name: string
  about: string
  /** Whether these first bytes of an input begin such a wrapping. */
  sniff(head: Buffer): boolean
  /**
   * What is inside, as far as it can be had; damage becomes a Problem.
   *
   * @param lent whether a chunk of it will be done with before the next is asked for; never, where this is not given.
   */
  unpack(chunks: Chunks, tell: (problem: Problem) => void, lent?: () => boolean): Chunks
}

/** How many bytes `sniff` is shown. */
export const HEAD = 512
