type Files = Pick<typeof import('node:fs'), 'statSync' | 'openSync' | 'readSync' | 'closeSync'>

/** A smaller file is read before threads have started. */
export const LARGE = 64e6
/** Below it are bytes that a log of text does not begin with. */
const TAB = 9

/** Bytes of a file that looks like text; null where it is smaller than that, no file, or begins as no text does. */
export function sizeOfText(path: string, least: number, { statSync, openSync, readSync, closeSync }: Files): number | null {
  try {
    const found = statSync(path)
    if (!found.isFile() || found.size < least) return null
    const head = Buffer.alloc(64)
    const fd = openSync(path, 'r')
    try {
      const count = readSync(fd, head, 0, head.length, 0)
      return head.subarray(0, count).every(byte => byte >= TAB) ? found.size : null
    } finally {
      closeSync(fd)
    }
  } catch {
    return null
  }
}
