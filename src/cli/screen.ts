import { fstatSync, statSync } from 'node:fs'

/**
 * Whether a person's terminal is behind the descriptor, and how wide it is. Files and pipes are told by their kind: asking process.stdout or its like
 * has Node load its streams, for 5 ms.
 */
export function screenOn(fd: 0 | 1 | 2): { columns: number } | null {
  try {
    const file = fstatSync(fd)
    if (!file.isCharacterDevice() || file.rdev === statSync('/dev/null').rdev) return null
  } catch {
    // Closed; or a system without that device: let Node find out.
  }
  if (fd === 0) return process.stdin.isTTY ? { columns: 80 } : null
  const { isTTY, columns } = fd === 1 ? process.stdout : process.stderr
  return isTTY ? { columns: columns || 80 } : null
}
