/**
 * Bits of sb_features_incompat: whoever does not know one must not read the disk (kernel fs/xfs/libxfs/xfs_format.h,
 * XFS_SB_FEAT_INCOMPAT_*, v6.15). `why` is null where reading files by name is not changed by it, or is changed as this reader knows.
 */
const INCOMPATIBLE: readonly { name: string; why: string | null }[] = [
  { name: 'ftype', why: null },
  { name: 'sparse inodes', why: null },
  { name: 'meta_uuid', why: null },
  { name: 'bigtime', why: null },
  { name: 'needsrepair', why: null },
  { name: 'nrext64', why: null },
  { name: 'exchange-range', why: null },
  { name: 'parent pointers', why: null },
  { name: 'metadata directory', why: null },
  { name: 'zoned realtime device', why: 'its files lie on zones, which are not read here' },
  { name: 'zone gaps', why: 'its files lie on zones, which are not read here' },
]

/** Why the features that a superblock names keep it from being read; null where they do not. */
export function unreadable(superblock: Buffer, version: 4 | 5): string | null {
  const bits = version === 5 ? superblock.readUInt32BE(216) : 0
  for (let bit = 0; bit < 32; bit++) {
    if (((bits >>> bit) & 1) === 0) continue
    const feature = INCOMPATIBLE[bit]
    if (!feature) return `it uses incompatible feature bit ${bit}, which is younger than this reader`
    if (feature.why) return `it uses the feature "${feature.name}": ${feature.why}`
  }
  return null
}
