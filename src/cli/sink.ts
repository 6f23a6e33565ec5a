import { closeSync, fchmodSync, fstatSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UsageError } from '../problems/problem.ts'
import { codeOf, writeAll } from './descriptor.ts'

/** Where a command's text goes. */
export interface Sink {
  /** As a person reads it in a complaint. */
  name: string
  write(text: string | Uint8Array): Promise<void>
  /** All was written. */
  finish(): void
  /** Something went wrong: leaves nothing half done behind. */
  discard(): void
}

export const STANDARD_OUTPUT = 'standard output'

export function standardOutput(): Sink {
  return { name: STANDARD_OUTPUT, write: text => writeAll(1, text), finish: () => {}, discard: () => {} }
}

/**
 * A file that appears when it is whole: written beside its place under another name, then renamed. What is no regular file (a device,
 * a pipe) is written as it stands. Refuses to take the place of an input: that would be the evidence.
 */
export function fileSink(path: string, inputs: readonly string[]): Sink {
  const place = real(path) ?? path
  if (inputs.some(input => input !== '-' && real(input) === place && isFile(place)))
    throw new UsageError(`--output ${path}: that is one of the inputs; the report would take the evidence's place`)
  if (real(path) !== null && !isFile(place)) return direct(path, place)
  const draft = join(dirname(place), `.${basename(place)}.inquest-${process.pid}`)
  const fd = opened(path, draft, 'wx')
  const mode = modeOf(place)
  if (mode !== null) fchmodSync(fd, mode)
  return {
    name: path,
    write: text => writeAll(fd, text),
    finish: () => {
      // A quota or a network's disk may refuse only now.
      fsyncSync(fd)
      closeSync(fd)
      renameSync(draft, place)
    },
    discard: () => rmSync(draft, { force: true }),
  }
}

function direct(path: string, place: string): Sink {
  const fd = opened(path, place, 'w')
  return { name: path, write: text => writeAll(fd, text), finish: () => closeSync(fd), discard: () => {} }
}

function opened(path: string, place: string, mode: 'w' | 'wx'): number {
  try {
    return openSync(place, mode)
  } catch (error) {
    throw new UsageError(`--output ${path}: ${writeFault(error)}`)
  }
}

/** Why something could not be written, as a clause. */
export function writeFault(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return FAULTS[codeOf(error) ?? ''] ?? message
}

const FAULTS: Record<string, string> = {
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than allowed',
  EIO: 'the device could not write it (input/output error)',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'is a folder',
  EACCES: 'permission denied',
  EROFS: 'the file system is read-only',
}

function real(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}

function isFile(path: string): boolean {
  return statSync(path).isFile()
}

/** A pipe or a device: reading and writing it may wait for somebody else. */
export function isNoFile(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return found !== undefined && !found.isFile() && !found.isDirectory()
}

/** Whether standard input is a pipe. */
export function isPiped(): boolean {
  try {
    return fstatSync(0).isFIFO()
  } catch {
    return false
  }
}

function modeOf(path: string): number | null {
  try {
    return statSync(path).mode & 0o777
  } catch {
    return null
  }
}
