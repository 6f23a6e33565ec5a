import type { Datum } from './datum.ts'

/** Entries of the younger half; two halves are kept. */
const HALF = 16_384
/** Bytes of values of the younger half. */
const HALF_BYTES = 8 << 20

/** Data objects that many entries share, by offset. Two generations: what is asked for moves to the younger, the older is dropped whole. */
export class DataCache {
  private young = new Map<number, Datum>()
  private old = new Map<number, Datum>()
  private bytes = 0

  get(offset: number): Datum | undefined {
    const found = this.young.get(offset)
    if (found) return found
    const older = this.old.get(offset)
    if (older) this.set(older)
    return older
  }

  set(datum: Datum): void {
    if (this.young.size >= HALF || this.bytes >= HALF_BYTES) {
      this.old = this.young
      this.young = new Map()
      this.bytes = 0
    }
    this.young.set(datum.offset, datum)
    this.bytes += datum.value.length
  }
}
