import { open, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import type { Crew } from './crew.ts'

/** A smaller file is read before threads have started. More threads than this, and the one that reads in order does not keep up. */
const LARGE = 64e6
const MOST_THREADS = 4
/** Below it are bytes that a log of text does not begin with. */
const TAB = 9

/** Has threads started when the first file comes that is worth it; all looks at the inputs are served by the same. */
export class Hiring {
  private crew: Promise<Crew> | null = null
  private readonly threads: number
  private readonly least: number

  /** @param threads that work at the same time, and for files of any size. Default: as many as there are processors. */
  constructor(threads?: number) {
    this.threads = threads ?? Math.min(availableParallelism(), MOST_THREADS)
    this.least = threads === undefined ? LARGE : 0
  }

  /** For a file of so many bytes; null where one thread reads it alone. */
  crewFor(size: number): Promise<Crew> | null {
    if (this.threads < 2 || size < this.least) return null
    this.crew ??= import('./crew.ts').then(({ Crew }) => new Crew(this.threads - 1))
    return this.crew
  }

  /** Threads take as long to start as what comes before the first line is read: so they are started before that where a large log is named. */
  async ahead(paths: readonly string[]): Promise<void> {
    if (this.threads < 2) return
    for (const path of paths) {
      const size = await sizeOfText(path, this.least)
      if (size !== null && this.crewFor(size)) return
    }
  }

  async stop(): Promise<void> {
    await (await this.crew)?.stop()
  }
}

/** Null where it is smaller, no file, or begins as no text does. */
async function sizeOfText(path: string, least: number): Promise<number | null> {
  try {
    const found = await stat(path)
    if (!found.isFile() || found.size < least) return null
    const file = await open(path)
    const { bytesRead, buffer } = await file.read(Buffer.alloc(64), 0, 64, 0).finally(() => file.close())
    return buffer.subarray(0, bytesRead).every(byte => byte >= TAB) ? found.size : null
  } catch {
    return null
  }
}
