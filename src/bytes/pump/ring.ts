/** Bytes that one thread may be ahead of the other: enough for either to go on while the other sleeps. */
const SIZE = 4 << 20
/** The one that fills it makes steps of this size: what a pipe holds (Linux pipe(7)). */
const STEP = 64 * 1024
/** The one that empties it takes so many at a time, but at the end no fewer. */
const LEAST = 128 * 1024
const MOST = 256 * 1024
/** It waits until there are so many. */
const WORTH = SIZE / 4

/** In what both threads see; the first two count bytes, modulo 2^32. */
const MADE = 0
const TAKEN = 1
const AWAITED = 2
const OVER = 3
/** A cell for each step: 1 where it is left to the one that empties the ring. */
const LEFT = 4
const CELLS = LEFT + SIZE / STEP

/** The same ring in both threads: each is made over what the other was made over. */
export class Ring {
  private readonly cells: Int32Array
  private readonly bytes: Buffer

  constructor(readonly shared = new SharedArrayBuffer(4 * CELLS + SIZE)) {
    this.cells = new Int32Array(shared, 0, CELLS)
    this.bytes = Buffer.from(shared, 4 * CELLS)
  }

  /** Where the next bytes are to be put; waits until there is room. */
  room(): Buffer {
    for (;;) {
      const taken = Atomics.load(this.cells, TAKEN)
      const made = Atomics.load(this.cells, MADE)
      const free = SIZE - ((made - taken) >>> 0)
      const at = made & (SIZE - 1)
      if (free >= STEP) return this.bytes.subarray(at, stepOf(at) * STEP + STEP)
      Atomics.wait(this.cells, TAKEN, taken)
    }
  }

  /**
   * Whether what there is to be done with a step's bytes is better done by the other thread: it has not much to do. Asked again in the same
   * step, the answer stays.
   */
  leave(): boolean {
    const at = Atomics.load(this.cells, MADE) & (SIZE - 1)
    const cell = LEFT + stepOf(at)
    if (at % STEP === 0) this.cells[cell] = this.waiting < WORTH ? 1 : 0
    return this.cells[cell] === 1
  }

  /** Bytes were put there. Answers whether the other thread waits to be told. */
  put(count: number): boolean {
    Atomics.add(this.cells, MADE, count)
    return this.waiting >= WORTH && Atomics.exchange(this.cells, AWAITED, 0) === 1
  }

  /** Nothing more will be put there. */
  end(): void {
    Atomics.store(this.cells, OVER, 1)
  }

  /** What is worth taking, whole steps, or the last of it; empty where that is still to come. */
  filled(): Buffer {
    const over = Atomics.load(this.cells, OVER) === 1
    const waiting = this.waiting
    const count = Math.min(over ? waiting : waiting - (waiting % STEP), MOST)
    const at = Atomics.load(this.cells, TAKEN) & (SIZE - 1)
    return this.bytes.subarray(at, count < LEAST && !over ? at : Math.min(at + count, SIZE))
  }

  /** The same by steps, each with whether it was left. */
  *steps(filled: Buffer): Generator<{ bytes: Buffer; left: boolean }> {
    const first = stepOf(Atomics.load(this.cells, TAKEN) & (SIZE - 1))
    for (let at = 0, step = first; at < filled.length; at += STEP, step++) {
      yield { bytes: filled.subarray(at, at + STEP), left: this.cells[LEFT + step] === 1 }
    }
  }

  /** Bytes were taken out, or are not needed any more. */
  take(count: number): void {
    Atomics.add(this.cells, TAKEN, count)
    Atomics.notify(this.cells, TAKEN)
  }

  /** Whether the other thread will tell when there is more; else there is already. */
  ask(): boolean {
    Atomics.store(this.cells, AWAITED, 1)
    return this.waiting < WORTH && Atomics.load(this.cells, OVER) === 0
  }

  private get waiting(): number {
    return (Atomics.load(this.cells, MADE) - Atomics.load(this.cells, TAKEN)) >>> 0
  }
}

function stepOf(at: number): number {
  return Math.floor(at / STEP)
}
