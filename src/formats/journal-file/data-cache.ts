import type { Datum } from './datum.ts'

/** Bytes of values of the younger half; two halves are kept. */
const HALF = 8 << 20
/** What an object costs besides its value, about. */
const OVERHEAD = 512

/** Data objects that many entries share, by offset. Two generations: what is asked for moves to the younger, the older is dropped whole. */
export class DataCache {
  private young = new Map<number, Datum>()
  private old = new Map<number, Datum>()
  private bytes = 0

  /** @param half bytes of the younger half. */
  constructor(private readonly half = HALF) {}

  get(offset: number): Datum | undefined {
    const found = this.young.get(offset)
    if (found) return found
    const older = this.old.get(offset)
    if (older) this.set(older)
    return older
  }

  set(datum: Datum): void {
    if (this.bytes >= this.half) {
      this.old = this.young
      this.young = new Map()
      this.bytes = 0
    }
    this.young.set(datum.offset, datum)
    this.bytes += datum.value.length + OVERHEAD
  }
}
