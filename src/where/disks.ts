import { sizeOf } from '../bytes/file.ts'
import { isDisk } from '../bytes/image/sniff.ts'
import { openBytes, withHead } from '../bytes/open.ts'
import { storedAt } from '../bytes/stored.ts'
import { InputError } from '../problems/problem.ts'

/** How many first bytes tell a disk. */
export const DISK_HEAD = 64 * 1024

/** Which of the paths are disk images, as they lie or packed. */
export async function disksAmong(paths: readonly string[]): Promise<string[]> {
  const found: string[] = []
  // What has no size is a pipe, or is not there: whoever reads it says so.
  for (const path of paths) if (path !== '-' && (await sizeOf(path)) !== null && (await isDiskAt(path))) found.push(path)
  return found
}

async function isDiskAt(path: string): Promise<boolean> {
  try {
    const stored = await storedAt(path)
    const bytes = openBytes(stored, { bytes: Number.POSITIVE_INFINITY, ratio: Number.POSITIVE_INFINITY })
    const headed = await withHead(bytes.chunks, DISK_HEAD)
    const found = isDisk(headed.head, () => (bytes.plain() ? stored.source() : null))
    await headed.stop()
    return found
  } catch (error) {
    if (error instanceof InputError) return false
    throw error
  }
}
