import type { Problem } from '../../problems/problem.ts'
import type { ByteSource } from '../source.ts'

/** A way to keep a virtual machine's disk in a file. One file each, listed in registry.ts. */
export interface DiskForm {
  name: string
  about: string
  /** Whether this is such an image, by its content: `head` is its first 1024 bytes, or fewer. */
  sniff(head: Buffer, image: ByteSource): boolean
  /**
   * The disk in it.
   *
   * @throws InputError where nothing of it can be read.
   */
  open(image: ByteSource, around: Surroundings): ByteSource
}

/** What an image may ask for beside its own bytes. */
export interface Surroundings {
  /** Tells damage that does not end the reading. */
  tell(problem: Problem): void
  /**
   * A file that the image names: its extent, or the image it stands on. Its bytes as they lie.
   *
   * @throws InputError where it cannot be had, or lies where it must not be looked for.
   */
  file(name: string): ByteSource
  /** The same, as the disk in it; `raw` where the image says that it is no image but the disk itself. */
  disk(name: string, raw: boolean): ByteSource
  /** Names of files beside the image, and in folders that are allowed; sorted. */
  names(): string[]
}

export const HEAD = 1024
