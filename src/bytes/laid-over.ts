import type { ByteSource } from './source.ts'

/** A source that shows other bytes at one place: what was damaged there and is known from elsewhere. */
export function laidOver(source: ByteSource, at: number, bytes: Buffer): ByteSource {
  return {
    ...source,
    read: (offset, target) => {
      const count = source.read(offset, target)
      const from = Math.max(at, offset)
      const to = Math.min(at + bytes.length, offset + count)
      if (from < to) target.set(bytes.subarray(from - at, to - at), from - offset)
      return count
    },
    hole: offset => (offset < at + bytes.length ? 0 : (source.hole?.(offset) ?? 0)),
  }
}
