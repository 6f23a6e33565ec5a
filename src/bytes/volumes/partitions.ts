import type { Problem } from '../../problems/problem.ts'
import type { ByteSource } from '../source.ts'
import { readGpt } from './gpt.ts'
import { readMbr } from './mbr.ts'
import type { Volume } from './volume.ts'

/** The partitions of a disk; the disk itself where it has none. */
export function partitions(disk: ByteSource, tell: (problem: Problem) => void): Volume[] {
  const found = readGpt(disk, tell) ?? readMbr(disk, tell) ?? []
  if (found.length === 0) return [{ name: '', offset: 0, source: disk, aliases: [], number: null }]
  tellOverlaps(found, tell)
  return found
}

function tellOverlaps(volumes: readonly Volume[], tell: (problem: Problem) => void): void {
  const sorted = [...volumes].sort((one, other) => (one.offset ?? 0) - (other.offset ?? 0))
  let furthest = sorted[0]
  for (const volume of sorted.slice(1)) {
    const end = (furthest?.offset ?? 0) + (furthest?.source.size ?? 0)
    const offset = volume.offset ?? 0
    if (offset < end)
      tell({ message: `partitions ${furthest?.name} and ${volume.name} overlap: at most one of them is what it says`, offset })
    if (offset + volume.source.size > end) furthest = volume
  }
}
