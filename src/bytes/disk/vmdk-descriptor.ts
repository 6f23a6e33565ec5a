/**
 * The descriptor ("Virtual Disk Format 5.0", "The Descriptor File"): lines of text.
 *
 *     parentCID=ffffffff
 *     parentFileNameHint="base.vmdk"
 *     RW 4192256 SPARSE "name-s001.vmdk"        access, sectors, kind, file
 *     RW 4192256 FLAT "name-flat.vmdk" 0        and for these the sector in it
 */
export interface Descriptor {
  extents: Extent[]
  /** The image that holds what this one does not. */
  parent: string | null
}

export interface Extent {
  sectors: number
  kind: string
  file: string | null
  /** In sectors. */
  offset: number
}

const EXTENT = /^(?:RW|RDONLY|NOACCESS)[ \t]+(\d+)[ \t]+([A-Z]+)(?:[ \t]+"([^"]*)"(?:[ \t]+(\d+))?)?/gm
/** A disk of 2^53 bytes and no more extents than a descriptor has room for. */
const MOST_SECTORS = 2 ** 44

export function parseDescriptor(text: string): Descriptor {
  const extents: Extent[] = []
  for (const [, sectors = '0', kind = '', file, offset = '0'] of text.matchAll(EXTENT)) {
    extents.push({ sectors: Math.min(Number(sectors), MOST_SECTORS), kind, file: file ?? null, offset: Number(offset) })
  }
  const child = /^parentCID\s*=\s*(?!ffffffff)[0-9a-f]+/im.test(text)
  const parent = /^parentFileNameHint\s*=\s*"([^"]*)"/im.exec(text)?.[1]
  return { extents, parent: child && parent ? parent : null }
}
