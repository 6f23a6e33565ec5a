import { sizeOf } from '../bytes/file.ts'
import { isDisk } from '../bytes/image/sniff.ts'
import { fileSource } from '../bytes/source.ts'
import { InputError } from '../problems/problem.ts'

/** How many first bytes tell a disk. */
export const DISK_HEAD = 64 * 1024

/** Which of the paths are disk images as they lie. */
export async function disksAmong(paths: readonly string[]): Promise<string[]> {
  const sizes = await Promise.all(paths.map(path => (path === '-' ? null : sizeOf(path))))
  // What has no size is a pipe, or is not there: whoever reads it says so.
  return paths.filter((path, nth) => sizes[nth] != null && isDiskAt(path))
}

function isDiskAt(path: string): boolean {
  try {
    const source = fileSource(path)
    const head = Buffer.alloc(DISK_HEAD)
    const shown = head.subarray(0, source.read(0, head))
    const found = isDisk(shown, () => ({ ...source, close: () => {} }))
    source.close()
    return found
  } catch (error) {
    if (error instanceof InputError) return false
    throw error
  }
}
