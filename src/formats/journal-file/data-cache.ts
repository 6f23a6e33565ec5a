import type { Datum } from './datum.ts'

/** What an object costs besides its value, about. */
const OVERHEAD = 512

/** Room for the data of files that are read side by side, most of which wait while one is read: the one takes what the others leave. */
export class Room {
  private readonly users = new Set<DataCache>()
  private bytes = 0

  /** @param half bytes of the younger generation of all data; two generations are kept. */
  constructor(private readonly half: number) {}

  take(user: DataCache, bytes: number): void {
    if (this.bytes >= this.half) {
      for (const each of this.users) if (!each.age()) this.users.delete(each)
      this.bytes = 0
    }
    this.users.add(user)
    this.bytes += bytes
  }
}

/** Data objects that many entries share, by offset. Two generations: what is asked for moves to the younger, the older is dropped whole. */
export class DataCache {
  private young = new Map<number, Datum>()
  private old = new Map<number, Datum>()

  constructor(private readonly room: Room) {}

  get(offset: number): Datum | undefined {
    const found = this.young.get(offset)
    if (found) return found
    const older = this.old.get(offset)
    if (older) this.set(older)
    return older
  }

  set(datum: Datum): void {
    this.room.take(this, datum.value.length + OVERHEAD)
    this.young.set(datum.offset, datum)
  }

  /** Drops the older generation; false where nothing is left. */
  age(): boolean {
    this.old = this.young
    this.young = new Map()
    return this.old.size > 0
  }

  forget(): void {
    this.young.clear()
    this.old.clear()
  }
}
