import { LARGE, sizeOfText } from './large.ts'
import { startThread, type Thread } from './thread.ts'

/** The command that is loaded later finds it there: each has this module for itself. */
const PLACE = Symbol.for('inquest.thread')
const place = globalThis as { [PLACE]?: Thread } // nobody else writes there

/** Starts a thread while the command is still to be loaded, where a large log is named: either takes as long. Nothing waits for it. */
export function startEarly(words: readonly string[], require: NodeJS.Require): void {
  const files: typeof import('node:fs') = require('node:fs')
  if (!words.some(word => sizeOfText(word, LARGE, files) !== null)) return
  const { availableParallelism }: typeof import('node:os') = require('node:os')
  if (availableParallelism() < 2) return
  const thread = startThread(require('node:worker_threads'))
  thread.worker.unref()
  place[PLACE] = thread
}

/** The thread that was started early, for who wants it; once. */
export function earlyThreads(): Thread[] {
  const thread = place[PLACE]
  delete place[PLACE]
  thread?.worker.ref()
  return thread ? [thread] : []
}
