import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileSource } from '../bytes/source.ts'
import { isJournalFile, isJournalName, type JournalInput } from '../formats/journal-file/directory.ts'

/** /var/log/journal/MACHINE-ID/system.journal, and journals that other machines sent: /var/log/journal/remote/. */
const DEEPEST = 2

/** The journal files at a path: itself, or those in a directory; none where it is something else. */
export async function journalsAt(path: string): Promise<JournalInput[]> {
  if (path === '-') return []
  try {
    if (statSync(path).isDirectory()) return await below(path, DEEPEST)
    return isJournal(path) ? [journal(path)] : []
  } catch {
    // What cannot be opened is told by whoever reads it.
    return []
  }
}

export function journal(path: string): JournalInput {
  return { path, open: () => fileSource(path) }
}

async function below(path: string, depth: number): Promise<JournalInput[]> {
  const entries = await readdir(path, { withFileTypes: true })
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  const found: JournalInput[] = []
  for (const entry of entries) {
    if (entry.isFile() && isJournalName(entry.name)) found.push(journal(join(path, entry.name)))
    else if (entry.isDirectory() && depth > 0) found.push(...(await below(join(path, entry.name), depth - 1)))
  }
  return found
}

/** By its first bytes, or by its name where they are gone. */
function isJournal(path: string): boolean {
  const head = Buffer.alloc(4096)
  const fd = openSync(path, 'r')
  try {
    const count = readSync(fd, head, 0, head.length, 0)
    return isJournalFile(head) || (isJournalName(path) && head.subarray(0, count).every(byte => byte === 0))
  } finally {
    closeSync(fd)
  }
}
