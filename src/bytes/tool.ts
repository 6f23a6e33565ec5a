import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Chunks } from './container.ts'
import { type Outlet, openOutlet } from './outlet.ts'

/** Where a command lies, null where the machine lacks it. Asked anew each time: looking costs microseconds. */
export function toolNamed(name: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder === '') continue
    const path = join(folder, name)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // Not in this folder.
    }
  }
  return null
}

/** An installed tool that runs, and its end of a socket where one could be made. */
export interface Tool {
  child: ChildProcess
  outlet: Outlet | null
}

/** Null where it cannot be started: it is none, or no more processes or files may be open. */
export async function started(path: string, args: readonly string[]): Promise<Tool | null> {
  const outlet = await openOutlet()
  try {
    const child = spawn(path, [...args], { stdio: ['pipe', outlet?.theirs ?? 'pipe', 'ignore'] })
    await once(child, 'spawn')
    return { child, outlet }
  } catch {
    return null
  } finally {
    // The child has its own by now. Where there is none, this ends the outlet.
    outlet?.theirs.destroy()
  }
}

/**
 * Sends bytes through a decompressor that was started; answers whether it found them whole.
 *
 * @param lent whether a chunk of its text will be done with before the next is asked for.
 */
export async function* throughTool(
  { child, outlet }: Tool,
  chunks: Chunks,
  lent: () => boolean,
): AsyncGenerator<Buffer, boolean> {
  const ended = new Promise<boolean>(resolve => {
    child.on('error', () => resolve(false))
    child.on('close', code => resolve(code === 0))
  })
  const { stdin, stdout } = child
  const fed = stdin && feed(stdin, chunks)
  try {
    if (outlet) for await (const chunk of outlet.chunks) yield lent() ? chunk : Buffer.from(chunk)
    else if (stdout) yield* poured(stdout)
    const trouble = await fed
    if (trouble !== null) throw trouble
    return await ended
  } finally {
    child.kill()
  }
}

/** Chunks that may wait for their reader before the stream is told to hold on. */
const MOST_WAITING = 16

/** All that a stream delivers; its own iterator takes twice as long, for it asks for each chunk anew. */
async function* poured(stream: NodeJS.ReadableStream): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = []
  let over = false
  let wake = () => {}
  const done = () => {
    over = true
    wake()
  }
  stream.on('data', (chunk: Buffer) => {
    waiting.push(chunk)
    if (waiting.length >= MOST_WAITING) stream.pause()
    wake()
  })
  for (const event of ['end', 'close', 'error']) stream.on(event, done)
  for (;;) {
    const taken = waiting
    waiting = []
    yield* taken
    if (waiting.length > 0) continue
    if (over) return
    if (stream.isPaused()) stream.resume()
    await new Promise<void>(resolve => {
      wake = resolve
      if (over || waiting.length > 0) resolve()
    })
  }
}

/** What the input threw, if it did. A tool that has seen enough closes its end: no fault of the input. */
async function feed(stdin: NodeJS.WritableStream, chunks: Chunks): Promise<unknown> {
  let closed = false
  let wake = () => {}
  function over(): void {
    closed = true
    wake()
  }
  function drained(): Promise<void> {
    return new Promise(resolve => {
      wake = resolve
      if (closed) resolve()
    })
  }
  for (const event of ['error', 'close']) stdin.on(event, over)
  stdin.on('drain', () => wake())
  try {
    for await (const chunk of chunks) {
      if (closed) break
      if (!stdin.write(chunk)) await drained()
    }
  } catch (error) {
    return error ?? new Error('the input could not be read')
  } finally {
    stdin.end()
  }
  return null
}
