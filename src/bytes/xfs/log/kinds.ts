/**
 * What an item of the log can be (xfs_log_format.h, XFS_LI_*; those from 0x1248 on by kernel v6.15).
 *
 * An intent says what a later transaction will do; its `done` says that it was done. `harm` is what a reader of files may see when the log
 * ends in between; null: nothing, for only the accounts of free and shared space are behind.
 */
export interface ItemKind {
  name: string
  role: 'buffer' | 'inode' | 'create' | 'intent' | 'done' | 'ignored'
  harm?: string | null
  /** Which kind of intent a done item ends. */
  of?: number
}

export const ITEM_KINDS: Readonly<Record<number, ItemKind>> = {
  4662: { name: 'extent free intent', role: 'intent', harm: null },
  4663: { name: 'extent free done', role: 'done', of: 0x1236 },
  4667: { name: 'inode', role: 'inode' },
  4668: { name: 'buffer', role: 'buffer' },
  4669: { name: 'quota', role: 'ignored' },
  4670: { name: 'quota off', role: 'ignored' },
  4671: { name: 'inode create', role: 'create' },
  4672: { name: 'reverse mapping intent', role: 'intent', harm: null },
  4673: { name: 'reverse mapping done', role: 'done', of: 0x1240 },
  4674: { name: 'reference count intent', role: 'intent', harm: null },
  4675: { name: 'reference count done', role: 'done', of: 0x1242 },
  4676: { name: 'block mapping intent', role: 'intent', harm: 'a part of its data may be the one before or after a copy' },
  4677: { name: 'block mapping done', role: 'done', of: 0x1244 },
  4678: { name: 'attribute intent', role: 'intent', harm: null },
  4679: { name: 'attribute done', role: 'done', of: 0x1246 },
  4680: { name: 'mapping exchange intent', role: 'intent', harm: 'its data may be half exchanged with another file' },
  4681: { name: 'mapping exchange done', role: 'done', of: 0x1248 },
  4682: { name: 'realtime extent free intent', role: 'intent', harm: null },
  4683: { name: 'realtime extent free done', role: 'done', of: 0x124a },
  4684: { name: 'realtime reverse mapping intent', role: 'intent', harm: null },
  4685: { name: 'realtime reverse mapping done', role: 'done', of: 0x124c },
  4686: { name: 'realtime reference count intent', role: 'intent', harm: null },
  4687: { name: 'realtime reference count done', role: 'done', of: 0x124e },
}
