/**
 * The floor that a salvaging reader must beat: objects are walked by their size, on an impossible head 8 bytes on; an entry whose data
 * objects all have a head counts as whole. No hash is looked at (knowledge/peers.md, section 1).
 */
export function naiveWalk(bytes: Buffer, compact: boolean): { entries: number; whole: number } {
  const data = new Set<number>()
  const found: number[] = []
  for (let at = 208; at + 16 <= bytes.length; ) {
    const type = bytes[at] ?? 0
    const size = Number(bytes.readBigUInt64LE(at + 8))
    if (type < 1 || type > 7 || size < 16 || at + size > bytes.length || bytes.readUIntLE(at + 2, 6) !== 0) {
      at += 8
      continue
    }
    if (type === 1) data.add(at)
    if (type === 3 && size >= 64) found.push(at)
    at += Math.ceil(size / 8) * 8
  }
  const whole = found.filter(at => {
    const size = Number(bytes.readBigUInt64LE(at + 8))
    const item = compact ? 4 : 16
    for (let place = at + 64; place + item <= at + size; place += item) {
      const offset = compact ? bytes.readUInt32LE(place) : Number(bytes.readBigUInt64LE(place))
      if (!data.has(offset)) return false
    }
    return true
  })
  return { entries: found.length, whole: whole.length }
}
