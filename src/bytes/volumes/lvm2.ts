import type { Problem } from '../../problems/problem.ts'
import { type Piece, pieced } from '../disk/pieces.ts'
import type { ByteSource } from '../source.ts'
import type { PhysicalVolume } from './lvm-label.ts'
import { listIn, numberIn, parseLvmText, type Section, sectionIn, stringIn } from './lvm-text.ts'
import type { Volume } from './volume.ts'

interface Group {
  name: string
  section: Section
}

/** The groups that physical volumes tell of, each as the newest of them has it. */
function groupsOf(physical: readonly PhysicalVolume[]): Group[] {
  const groups = new Map<string, Group>()
  for (const { text } of physical) {
    const top = parseLvmText(text ?? '')
    for (const name of Object.keys(top)) {
      const section = sectionIn(top, name)
      const id = stringIn(section, 'id')
      const known = groups.get(id)
      if (id !== '' && !(known && numberIn(known.section, 'seqno') >= numberIn(section, 'seqno')))
        groups.set(id, { name, section })
    }
  }
  return [...groups.values()]
}

/** Whether every physical volume of their groups is among these. */
export function isComplete(physical: readonly PhysicalVolume[]): boolean {
  const groups = groupsOf(physical)
  const wanted = groups.flatMap(({ section }) => {
    const described = sectionIn(section, 'physical_volumes')
    return Object.keys(described).map(key => idOf(sectionIn(described, key)))
  })
  return groups.length > 0 && wanted.every(id => physical.some(one => one.id === id))
}

function idOf(section: Section): string {
  return stringIn(section, 'id').replaceAll('-', '')
}

/**
 * The logical volumes of all groups that these physical volumes, of whatever images, belong to. Linear and striped ones are read; of any other
 * `tell` says what it is.
 */
export function logicalVolumes(physical: readonly PhysicalVolume[], tell: (problem: Problem) => void): Volume[] {
  const groups = groupsOf(physical)
  for (const one of physical) {
    if (one.text === null && groups.length === 0)
      tell({ message: `LVM2 physical volume ${one.id} without its group's metadata: its volumes are not known` })
  }
  return groups.flatMap(({ name, section }) => volumesOf(name, section, physical, tell))
}

interface Segment {
  /** In bytes of the logical volume. */
  start: number
  size: number
  stripeSize: number
  stripes: { source: ByteSource; offset: number }[]
}

const SECTOR = 512
const MOST_SEGMENTS = 100_000

function volumesOf(
  name: string,
  group: Section,
  physical: readonly PhysicalVolume[],
  tell: (problem: Problem) => void,
): Volume[] {
  const extent = numberIn(group, 'extent_size') * SECTOR
  const places = new Map<string, { source: ByteSource; start: number } | null>()
  const described = sectionIn(group, 'physical_volumes')
  for (const key of Object.keys(described)) {
    const section = sectionIn(described, key)
    const id = idOf(section)
    const found = physical.find(one => one.id === id)
    if (!found)
      tell({ message: `volume group ${name}: its physical volume ${stringIn(section, 'id')} is in none of the images given` })
    places.set(key, found ? { source: found.source, start: numberIn(section, 'pe_start') * SECTOR } : null)
  }
  const logical = sectionIn(group, 'logical_volumes')
  const volumes: Volume[] = []
  for (const key of Object.keys(logical)) {
    const section = sectionIn(logical, key)
    if (!listIn(section, 'status').includes('VISIBLE')) continue
    const segments = segmentsOf(section, extent, places)
    if (typeof segments === 'string') {
      tell({ message: `logical volume ${name}/${key} was not read: ${segments}` })
      continue
    }
    // Device mapper doubles the dashes in names, so that the one between them is the only single one.
    const mapped = `${name.replaceAll('-', '--')}-${key.replaceAll('-', '--')}`
    const aliases = [`/dev/mapper/${mapped}`, `/dev/${name}/${key}`]
    volumes.push({ name: `${name}/${key}`, offset: null, source: laidOut(segments, tell), aliases, number: null })
  }
  return volumes
}

function segmentsOf(
  section: Section,
  extent: number,
  places: ReadonlyMap<string, { source: ByteSource; start: number } | null>,
): Segment[] | string {
  const count = numberIn(section, 'segment_count')
  const segments: Segment[] = []
  for (let nth = 1; nth <= Math.min(count, MOST_SEGMENTS); nth++) {
    const one = sectionIn(section, `segment${nth}`)
    const type = stringIn(one, 'type')
    if (type !== 'striped')
      return `its segments are of type ${type || 'unknown'}, linear and striped ones are read; with the disk attached: ${opener(type)}`
    const list = listIn(one, 'stripes')
    const stripes: Segment['stripes'] = []
    for (let at = 0; at + 1 < list.length; at += 2) {
      const place = places.get(String(list[at]))
      if (!place) return `it lies partly on a physical volume that is in none of the images given (${list[at]})`
      stripes.push({ source: place.source, offset: place.start + Number(list[at + 1]) * extent })
    }
    const stripeSize = numberIn(one, 'stripe_size') * SECTOR
    const size = numberIn(one, 'extent_count') * extent
    if (stripes.length === 0 || (stripes.length > 1 && stripeSize <= 0) || size <= 0) return `its segment ${nth} is damaged`
    segments.push({ start: numberIn(one, 'start_extent') * extent, size, stripeSize, stripes })
  }
  return segments.length > 0 ? segments.sort((one, other) => one.start - other.start) : 'it has no segments'
}

function opener(type: string): string {
  return type.startsWith('thin') ? 'lvchange -ay (the thin pool must be whole)' : 'lvchange -ay'
}

function laidOut(segments: readonly Segment[], tell: (problem: Problem) => void): ByteSource {
  const last = segments.at(-1)
  function pieceAt(offset: number): Piece {
    const segment = segments.findLast(one => one.start <= offset)
    const inside = offset - (segment?.start ?? 0)
    const first = segment?.stripes[0]
    if (!segment || !first || inside >= segment.size) return { source: null, offset: 0, length: 1 }
    if (segment.stripes.length === 1)
      return { source: first.source, offset: first.offset + inside, length: segment.size - inside }
    const chunk = Math.floor(inside / segment.stripeSize)
    const within = inside % segment.stripeSize
    const stripe = segment.stripes[chunk % segment.stripes.length] ?? first
    const row = Math.floor(chunk / segment.stripes.length)
    return {
      source: stripe.source,
      offset: stripe.offset + row * segment.stripeSize + within,
      length: segment.stripeSize - within,
    }
  }
  return pieced((last?.start ?? 0) + (last?.size ?? 0), pieceAt, tell)
}
