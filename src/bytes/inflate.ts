import { constants, createInflateRaw, type InflateRaw } from 'node:zlib'

/** A raw deflate stream, fed piece by piece; keeps what was decoded when an error comes. */
export class Inflate {
  ended = false
  error: string | null = null
  private out: Buffer[] = []
  private readonly stream: InflateRaw = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: 64 * 1024 })
  private wake: () => void = () => {}

  constructor() {
    this.stream.on('data', (text: Buffer) => this.out.push(text))
    this.stream.on('end', () => this.stop(null))
    this.stream.on('error', error => this.stop(error.message))
  }

  /** Decodes a piece; answers how many bytes of it belong to this stream. */
  async feed(piece: Buffer): Promise<number> {
    const before = this.stream.bytesWritten
    await new Promise<void>(resolve => {
      this.wake = resolve
      this.stream.write(piece, () => resolve())
    })
    const used = this.stream.bytesWritten - before
    // zlib took less than it was given: its stream is over, and `end` is on its way.
    if (used < piece.length && !this.ended && !this.error) await new Promise<void>(resolve => this.await(resolve))
    return used
  }

  texts(): Buffer[] {
    const texts = this.out
    this.out = []
    return texts
  }

  close(): void {
    this.stream.destroy()
  }

  private await(resolve: () => void): void {
    this.wake = resolve
    if (this.ended || this.error) resolve()
  }

  private stop(error: string | null): void {
    if (error === null) this.ended = true
    else this.error = error
    this.wake()
  }
}
