import type { ByteSource } from '../source.ts'

/** What may lie in a volume and is not read: by its mark, with the public command that opens it; none where it holds no machine's logs. */
interface Closed {
  name: string
  /** Places and what stands there. */
  marks: readonly { at: number; bytes: Buffer }[]
  opener: string | null
}

function mark(at: number, text: string): { at: number; bytes: Buffer } {
  return { at, bytes: Buffer.from(text, 'latin1') }
}

/** The magic numbers are those of libblkid's probes and of the file systems' own headers. */
const closed: readonly Closed[] = [
  { name: 'a LUKS encrypted volume', marks: [mark(0, 'LUKS\xba\xbe')], opener: 'cryptsetup open --readonly DEVICE NAME' },
  { name: 'a BitLocker encrypted volume', marks: [mark(3, '-FVE-FS-')], opener: 'cryptsetup bitlkOpen --readonly DEVICE NAME' },
  { name: 'a btrfs file system', marks: [mark(0x10040, '_BHRfS_M')], opener: 'mount -o ro,rescue=all DEVICE DIRECTORY' },
  { name: 'a member of a ZFS pool', marks: uberblocks(), opener: 'zpool import -o readonly=on -d DIRECTORY POOL' },
  {
    name: 'a member of a Linux RAID',
    marks: [mark(0, '\xfc\x4e\x2b\xa9'), mark(4096, '\xfc\x4e\x2b\xa9')],
    opener: 'mdadm --assemble --readonly /dev/md0 DEVICE…',
  },
  { name: 'a bcachefs file system', marks: bcachefs(), opener: 'mount -t bcachefs -o ro,norecovery DEVICE DIRECTORY' },
  { name: 'an f2fs file system', marks: [mark(1024, '\x10\x20\xf5\xf2')], opener: 'mount -o ro DEVICE DIRECTORY' },
  { name: 'an NTFS file system', marks: [mark(3, 'NTFS    ')], opener: null },
  { name: 'a swap area', marks: [mark(4086, 'SWAPSPACE2'), mark(65526, 'SWAPSPACE2')], opener: null },
  { name: 'a FAT file system', marks: [mark(54, 'FAT1'), mark(82, 'FAT32')], opener: null },
  { name: 'an ISO 9660 file system', marks: [mark(32769, 'CD001')], opener: null },
  { name: 'a squashfs file system', marks: [mark(0, 'hsqs')], opener: null },
  { name: 'an EROFS file system', marks: [mark(1024, '\xe2\xe1\xf5\xe0')], opener: null },
]

/** A ring of blocks from 128 KiB on, each with this number, in the byte order of whoever wrote it. */
function uberblocks(): { at: number; bytes: Buffer }[] {
  const places = Array.from({ length: 128 }, (_, nth) => 128 * 1024 + nth * 1024)
  return places.flatMap(at => [mark(at, '\x0c\xb1\xba\x00\x00\x00\x00\x00'), mark(at, '\x00\x00\x00\x00\x00\xba\xb1\x0c')])
}

function bcachefs(): { at: number; bytes: Buffer }[] {
  return ['c68573f64e1a45ca8265f57f48ba6d81', 'c68573f666ce90a9d96a60cf803df7ef'].map(hex => ({
    at: 4096 + 24,
    bytes: Buffer.from(hex, 'hex'),
  }))
}

export interface NotRead {
  name: string
  /** One sentence; null where nothing is lost with it. */
  sentence: string | null
}

/** What lies there, where it is known and not read. `offset` is the volume's place on its disk, for the sentence. */
export function notRead(source: ByteSource, offset: number | null): NotRead | null {
  const head = Buffer.alloc(256 * 1024)
  const bytes = head.subarray(0, source.read(0, head))
  for (const { name, marks, opener } of closed) {
    const found = marks.find(one => bytes.subarray(one.at, one.at + one.bytes.length).equals(one.bytes))
    if (!found) continue
    if (opener === null) return { name, sentence: null }
    const place = offset === null ? `${found.at} of the volume` : `${offset + found.at}`
    return { name, sentence: `${name} (its mark is at offset ${place}) is not read here; what opens it: ${opener}` }
  }
  return null
}
