import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Bytes of a read, at most: more than a socket holds (Linux: net.core.wmem_default, 208 KB). */
const SIZE = 256 * 1024
/** xz writes 8 KB at a time, and to be woken for each takes longer than to read it: behind fewer than so many, more are waited for, so many ms. */
const SMALL = 32 * 1024
const PAUSE = 0.25
/** To be waited for in vain. */
const NOBODY = new Int32Array(new SharedArrayBuffer(4))
/** Longer names of sockets are refused or cut (unix(7): 108 bytes, a NUL among them). */
const LONGEST_PATH = 100

/** Where a child may write. */
export interface Outlet {
  /** The child's end, to be its standard output; to be destroyed here once the child has it. */
  theirs: Socket
  /** What it writes, until it ends; each chunk in memory that the next one takes. */
  chunks: AsyncGenerator<Buffer>
}

/**
 * A socket of our own, read into one buffer again and again. Of a child's own standard output Node makes a buffer for each 64 KB, which costs
 * half as much again. Null where no socket can be made: no place for temporary files, or one with a long name.
 */
export async function openOutlet(): Promise<Outlet | null> {
  // Nobody else may enter: mode 0700.
  const folder = await mkdtemp(join(tmpdir(), 'inquest-')).catch(() => null)
  if (folder === null) return null
  const path = join(folder, 'outlet')
  const server = createServer({ pauseOnConnect: true })
  try {
    if (Buffer.byteLength(path) > LONGEST_PATH) return null
    server.listen(path)
    await once(server, 'listening')
    const reading = new Reading(path)
    const [theirs] = (await Promise.race([once(server, 'connection'), reading.lost])) as [Socket] // what that event brings
    return { theirs, chunks: reading.chunks() }
  } catch {
    return null
  } finally {
    server.close()
    await rm(folder, { recursive: true, force: true })
  }
}

class Reading {
  /** Rejected where the socket ends: where no more files may be open nobody hears that it connected. */
  readonly lost: Promise<never>
  private readonly buffer = Buffer.allocUnsafeSlow(SIZE)
  private readonly socket: Socket
  /** Bytes of the buffer that nobody took yet. */
  private filled = 0
  private over = false
  private wake = (): void => {}

  constructor(path: string) {
    const callback = (count: number): boolean => {
      this.filled = count
      this.wake()
      return false // no more before these were taken
    }
    this.socket = connect({ path, onread: { buffer: this.buffer, callback } })
    this.lost = once(this.socket, 'close').then(() => Promise.reject(new Error('closed')))
    for (const event of ['error', 'end', 'close']) {
      this.socket.on(event, () => {
        this.over = true
        this.wake()
      })
    }
  }

  async *chunks(): AsyncGenerator<Buffer> {
    try {
      for (;;) {
        if (this.filled > 0) {
          yield this.buffer.subarray(0, this.filled)
          if (this.filled < SMALL) Atomics.wait(NOBODY, 0, 0, PAUSE)
          this.filled = 0
          this.socket.resume()
        } else if (this.over) return
        else
          await new Promise<void>(resolve => {
            this.wake = resolve
          })
      }
    } finally {
      this.socket.destroy()
    }
  }
}
