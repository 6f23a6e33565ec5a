/**
 * CRC-32C (Castagnoli, reflected polynomial 0x82F63B78), as ext4, jbd2 and VHDX use it: RFC 3720, appendix B.4.
 * Eight bytes a step (slicing by 8): journals are checked block by block.
 */
let tables: readonly Uint32Array[] | null = null

/** Carries a checksum on over more bytes. No inversion at either end: each format says where it wants one. */
export function crc32c(crc: number, bytes: Uint8Array): number {
  // At the first sum: hardly a log needs one.
  tables ??= makeTables()
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
    // makeTables makes eight.
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ]
  let sum = crc >>> 0
  let at = 0
  for (const end = bytes.length - 7; at < end; at += 8) {
    const low = sum ^ (byte(bytes, at) | (byte(bytes, at + 1) << 8) | (byte(bytes, at + 2) << 16) | (byte(bytes, at + 3) << 24))
    sum =
      entry(t7, low & 255) ^
      entry(t6, (low >>> 8) & 255) ^
      entry(t5, (low >>> 16) & 255) ^
      entry(t4, low >>> 24) ^
      entry(t3, byte(bytes, at + 4)) ^
      entry(t2, byte(bytes, at + 5)) ^
      entry(t1, byte(bytes, at + 6)) ^
      entry(t0, byte(bytes, at + 7))
  }
  for (; at < bytes.length; at++) sum = entry(t0, (sum ^ byte(bytes, at)) & 255) ^ (sum >>> 8)
  return sum >>> 0
}

function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0
}

function entry(table: Uint32Array, at: number): number {
  return table[at] ?? 0
}

function makeTables(): Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, value) => {
    let crc = value
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
    return crc
  })
  const made = [first]
  for (let step = 1; step < 8; step++) {
    const before = made[step - 1] ?? first
    made.push(
      Uint32Array.from({ length: 256 }, (_, value) => entry(first, entry(before, value) & 255) ^ (entry(before, value) >>> 8)),
    )
  }
  return made
}
