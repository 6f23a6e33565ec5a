import * as files from 'node:fs'
import { availableParallelism } from 'node:os'
import type { Crew } from './crew.ts'
import { earlyThreads } from './early.ts'
import { LARGE, sizeOfText } from './large.ts'

/** With more than these the one that reads in order does not keep up. */
const MOST_THREADS = 4

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
    this.crew ??= import('./crew.ts').then(({ Crew }) => new Crew(this.threads - 1, earlyThreads()))
    return this.crew
  }

  /** Threads take as long to start as what comes before the first line is read: so they are started before that where a large log is named. */
  ahead(paths: readonly string[]): void {
    if (this.threads < 2) return
    for (const path of paths) {
      const size = sizeOfText(path, this.least, files)
      if (size !== null && this.crewFor(size)) return
    }
  }

  async stop(): Promise<void> {
    await (await this.crew)?.stop()
  }
}
