/**
 * Feature bits of the superblock (Documentation/filesystems/ext4/super.rst). A file system with an incompatible bit that its reader does not
 * know must not be read; of the others a reader needs to know nothing.
 */
export const INCOMPAT = {
  filetype: 0x2,
  recover: 0x4,
  journalDevice: 0x8,
  metaGroups: 0x10,
  extents: 0x40,
  bits64: 0x80,
  multiMount: 0x100,
  flexGroups: 0x200,
  xattrInode: 0x400,
  dirData: 0x1000,
  checksumSeed: 0x2000,
  largeDirectory: 0x4000,
  inlineData: 0x8000,
  encrypt: 0x10000,
  casefold: 0x20000,
} as const

/** What this reader reads. Encryption is among them: its other files can be read, and each encrypted one is named. */
const READ =
  INCOMPAT.filetype |
  INCOMPAT.recover |
  INCOMPAT.metaGroups |
  INCOMPAT.extents |
  INCOMPAT.bits64 |
  INCOMPAT.multiMount |
  INCOMPAT.flexGroups |
  INCOMPAT.xattrInode |
  INCOMPAT.checksumSeed |
  INCOMPAT.largeDirectory |
  INCOMPAT.inlineData |
  INCOMPAT.encrypt |
  INCOMPAT.casefold

export const COMPAT = { hasJournal: 0x4 } as const
export const RO_COMPAT = { clusters: 0x200, metadataChecksums: 0x400 } as const

/** Names of bits that are known but not read here: 'compression' is ext2's old patch set, 'dirdata' Lustre's. */
const NAMES = new Map<number, string>([
  [0x1, 'compression'],
  [INCOMPAT.journalDevice, 'a journal device'],
  [INCOMPAT.dirData, 'dirdata'],
])

/** The incompatible features that are not read here, by name or by bit; empty where there are none. */
export function unreadFeatures(incompat: number): string[] {
  const unread: string[] = []
  for (let bit = 0; bit < 32; bit++) {
    const mask = 2 ** bit
    if (Math.floor(incompat / mask) % 2 === 0 || Math.floor(READ / mask) % 2 === 1) continue
    unread.push(NAMES.get(mask) ?? `bit 0x${mask.toString(16)}`)
  }
  return unread
}
