/** Probabilities of 11 bits, adapted by 1/32 (Pavlov's LZMA specification, "The range decoder"). */
const HALF = 1024
const TOP = 2 ** 24

/** Slots of distances beyond which part of the bits are coded without probabilities. */
const FIRST_FOOT = 4
const FIRST_DIRECT = 14
const ALIGN_BITS = 4
const STATES = 12
const MOST_POSITIONS = 16
const LENGTH_STATES = 4

/** How long a match is: one bit, or two, choose among three trees. */
interface Lengths {
  choice: Uint16Array
  low: Uint16Array[]
  mid: Uint16Array[]
  high: Uint16Array
}

/** The LZMA decoder (Igor Pavlov's LZMA specification, public domain), one chunk of an LZMA2 stream at a time. */
export class Lzma {
  made = 0
  private lc = 3
  private lp = 0
  private pb = 2
  private state = 0
  private reps: [number, number, number, number] = [0, 0, 0, 0]
  private literal = fresh(0)
  private isMatch = fresh(0)
  private isRep = fresh(0)
  private isRepG0 = fresh(0)
  private isRepG1 = fresh(0)
  private isRepG2 = fresh(0)
  private isRep0Long = fresh(0)
  private slots: Uint16Array[] = []
  private feet = fresh(0)
  private align = fresh(0)
  private matchLengths: Lengths = lengths()
  private repLengths: Lengths = lengths()
  private range = 0
  private code = 0
  private at = 0

  constructor(
    private readonly input: Uint8Array,
    private readonly out: Uint8Array,
  ) {}

  /** False where the byte names no properties. */
  setProperties(byte: number): boolean {
    if (byte >= 9 * 5 * 5) return false
    this.lc = byte % 9
    this.lp = Math.floor(byte / 9) % 5
    this.pb = Math.floor(byte / 45)
    return this.lc + this.lp <= 4
  }

  reset(): void {
    this.state = 0
    this.reps = [0, 0, 0, 0]
    this.literal = fresh(0x300 << (this.lc + this.lp))
    this.isMatch = fresh(STATES * MOST_POSITIONS)
    this.isRep = fresh(STATES)
    this.isRepG0 = fresh(STATES)
    this.isRepG1 = fresh(STATES)
    this.isRepG2 = fresh(STATES)
    this.isRep0Long = fresh(STATES * MOST_POSITIONS)
    this.slots = Array.from({ length: LENGTH_STATES }, () => fresh(64))
    this.feet = fresh(128)
    this.align = fresh(1 << ALIGN_BITS)
    this.matchLengths = lengths()
    this.repLengths = lengths()
  }

  /** Decodes `count` bytes of text from `from` on; false where the input makes no sense. */
  chunk(from: number, count: number): boolean {
    if (this.literal.length === 0 || this.made + count > this.out.length) return false
    this.at = from + 1
    this.range = 0xffffffff
    this.code = 0
    for (let index = 0; index < 4; index++) this.code = ((this.code << 8) | this.next()) >>> 0
    const end = this.made + count
    while (this.made < end) if (!this.step(end)) return false
    return true
  }

  private step(end: number): boolean {
    const place = this.made & ((1 << this.pb) - 1)
    const { state } = this
    if (this.bit(this.isMatch, state * MOST_POSITIONS + place) === 0) {
      this.putLiteral()
      return true
    }
    let length: number
    if (this.bit(this.isRep, state) === 0) {
      length = 2 + this.length(this.matchLengths, place)
      this.state = state < 7 ? 7 : 10
      this.reps = [this.distance(length), this.reps[0], this.reps[1], this.reps[2]]
    } else {
      length = this.repeated(state, place)
    }
    const back = this.reps[0] + 1
    if (back > this.made || this.made + length > end) return false
    for (let index = 0; index < length; index++, this.made++) this.out[this.made] = this.out[this.made - back] ?? 0
    return true
  }

  /** One of the last four distances again, moved to the front. */
  private repeated(state: number, place: number): number {
    const { reps } = this
    if (this.bit(this.isRepG0, state) === 0) {
      if (this.bit(this.isRep0Long, state * MOST_POSITIONS + place) === 0) {
        this.state = state < 7 ? 9 : 11
        return 1
      }
    } else if (this.bit(this.isRepG1, state) === 0) this.reps = [reps[1], reps[0], reps[2], reps[3]]
    else if (this.bit(this.isRepG2, state) === 0) this.reps = [reps[2], reps[0], reps[1], reps[3]]
    else this.reps = [reps[3], reps[0], reps[1], reps[2]]
    this.state = state < 7 ? 8 : 11
    return 2 + this.length(this.repLengths, place)
  }

  private putLiteral(): void {
    const before = this.made > 0 ? (this.out[this.made - 1] ?? 0) : 0
    const low = (this.made & ((1 << this.lp) - 1)) << this.lc
    const base = 0x300 * (low + (before >> (8 - this.lc)))
    let symbol = 1
    if (this.state >= 7) {
      let match = this.out[this.made - this.reps[0] - 1] ?? 0
      while (symbol < 0x100) {
        const matchBit = (match >> 7) & 1
        match <<= 1
        const bit = this.bit(this.literal, base + ((1 + matchBit) << 8) + symbol)
        symbol = (symbol << 1) | bit
        if (bit !== matchBit) break
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.bit(this.literal, base + symbol)
    this.out[this.made++] = symbol & 0xff
    this.state = this.state < 4 ? 0 : this.state < 10 ? this.state - 3 : this.state - 6
  }

  private length(lengths: Lengths, place: number): number {
    if (this.bit(lengths.choice, 0) === 0) return this.tree(lengths.low[place] ?? fresh(8), 3)
    if (this.bit(lengths.choice, 1) === 0) return 8 + this.tree(lengths.mid[place] ?? fresh(8), 3)
    return 16 + this.tree(lengths.high, 8)
  }

  private distance(length: number): number {
    const slot = this.tree(this.slots[Math.min(length - 2, LENGTH_STATES - 1)] ?? fresh(64), 6)
    if (slot < FIRST_FOOT) return slot
    const direct = (slot >> 1) - 1
    let distance = (2 | (slot & 1)) * 2 ** direct
    if (slot < FIRST_DIRECT) return distance + this.reverse(this.feet, distance - slot, direct)
    let plain = 0
    for (let bit = direct - ALIGN_BITS; bit > 0; bit--) plain = plain * 2 + this.plainBit()
    distance += plain * 2 ** ALIGN_BITS
    return distance + this.reverse(this.align, 0, ALIGN_BITS)
  }

  private tree(probs: Uint16Array, bits: number): number {
    let symbol = 1
    for (let bit = 0; bit < bits; bit++) symbol = (symbol << 1) | this.bit(probs, symbol)
    return symbol - (1 << bits)
  }

  private reverse(probs: Uint16Array, base: number, bits: number): number {
    let symbol = 1
    let value = 0
    for (let bit = 0; bit < bits; bit++) {
      const one = this.bit(probs, base + symbol)
      symbol = (symbol << 1) | one
      value |= one << bit
    }
    return value
  }

  private bit(probs: Uint16Array, index: number): number {
    const prob = probs[index] ?? HALF
    const bound = (this.range >>> 11) * prob
    let bit: number
    if (this.code < bound) {
      this.range = bound
      probs[index] = prob + ((2048 - prob) >> 5)
      bit = 0
    } else {
      this.range -= bound
      this.code -= bound
      probs[index] = prob - (prob >> 5)
      bit = 1
    }
    this.normalize()
    return bit
  }

  private plainBit(): number {
    this.range >>>= 1
    const bit = this.code >= this.range ? 1 : 0
    if (bit) this.code -= this.range
    this.normalize()
    return bit
  }

  private normalize(): void {
    if (this.range >= TOP) return
    this.range = (this.range << 8) >>> 0
    this.code = ((this.code << 8) | this.next()) >>> 0
  }

  private next(): number {
    return this.input[this.at++] ?? 0
  }
}

function fresh(size: number): Uint16Array {
  return new Uint16Array(size).fill(HALF)
}

function lengths(): Lengths {
  const trees = () => Array.from({ length: MOST_POSITIONS }, () => fresh(8))
  return { choice: fresh(2), low: trees(), mid: trees(), high: fresh(256) }
}
