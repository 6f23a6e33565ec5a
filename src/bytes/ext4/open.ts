import type { Problem } from '../../problems/problem.ts'
import type { FileSystem } from '../image/file-system.ts'
import { laidOver } from '../laid-over.ts'
import { once } from '../once.ts'
import type { ByteSource } from '../source.ts'
import { findBackup } from './backup.ts'
import { contentOf } from './content.ts'
import { fastCommits } from './fast-commits.ts'
import { INCOMPAT, unreadFeatures } from './features.ts'
import { freeOf } from './free.ts'
import { readInode } from './inode.ts'
import { type JournalSuperblock, parseJournalSuperblock } from './journal-superblock.ts'
import { replay } from './replay.ts'
import { hasJournal, isSuperblock, needsRecovery, parseSuperblock, readSuperblock, type Superblock } from './superblock.ts'
import { Ext4Tree } from './tree.ts'
import { Volume } from './volume.ts'

/**
 * Opens a file system, its journal in place; or says in a sentence why it cannot be read. A superblock that is damaged is read from one of
 * its copies; those do not know whether the journal is to be replayed, so it is looked at, as e2fsck does.
 */
export function openExt4(source: ByteSource, label: string, tell: (problem: Problem) => void): FileSystem | string {
  const bytes = readSuperblock(source)
  const superblock = isSuperblock(bytes) ? parseSuperblock(bytes) : 'its magic number is gone'
  if (typeof superblock !== 'string' && superblock.whole) return opened(source, superblock, null, label, tell)
  const backup = findBackup(source)
  const copy = backup ? parseSuperblock(backup.bytes) : null
  if (backup && copy && typeof copy !== 'string') {
    const why = typeof superblock === 'string' ? `cannot be true (${superblock})` : 'does not fit its checksum'
    tell({ message: `the ext4 superblock ${why}: its copy at offset ${backup.at} of the volume was read instead`, offset: 1024 })
    const incompat = hasJournal(copy) ? copy.incompat | INCOMPAT.recover : copy.incompat
    return opened(laidOver(source, 1024, backup.bytes), { ...copy, incompat }, backup.group, label, tell)
  }
  if (typeof superblock === 'string') return `an ext4 file system whose superblock cannot be true: ${superblock}`
  tell({ message: 'the ext4 superblock does not fit its checksum', offset: 1024 })
  return opened(source, superblock, null, label, tell)
}

/** Whether there was one here, whose superblock is gone. */
export function wasExt4(source: ByteSource): boolean {
  return findBackup(source) !== null
}

/** `copies`: the group whose copies of superblock and descriptors are to be trusted; null where the first ones are. */
function opened(
  source: ByteSource,
  superblock: Superblock,
  copies: number | null,
  label: string,
  tell: (problem: Problem) => void,
): FileSystem | string {
  const unread = unreadFeatures(superblock.incompat)
  if (unread.length > 0)
    return `an ext4 file system with a feature that is not read here (${unread.join(', ')}); Linux can mount it: mount -o ro`
  const volume = new Volume(source, superblock, once('the ext4 file system', tell), copies)
  const replayed = putInPlace(volume)
  const newer = replayed.transactions > 0 ? replayedVolume(volume) : volume
  return {
    tree: new Ext4Tree(label, newer),
    uuid: superblock.uuid,
    label: superblock.label,
    replayed: replayed.transactions,
    source,
    blockSize: superblock.blockSize,
    free: () => freeOf(newer),
  }
}

/** The superblock itself may be among the blocks in the journal. */
function replayedVolume(volume: Volume): Volume {
  volume.forget()
  const bytes = Buffer.alloc(1024)
  volume.read(0, 1024, bytes)
  const superblock = isSuperblock(bytes) ? parseSuperblock(bytes) : 'no superblock'
  if (typeof superblock === 'string' || superblock.blockSize !== volume.blockSize) return volume
  const newer = new Volume(volume.source, superblock, volume.tell, volume.copies)
  newer.overlay = volume.overlay
  newer.changes = volume.changes
  return newer
}

function putInPlace(volume: Volume): { transactions: number } {
  const nothing = { transactions: 0 }
  const { superblock, tell } = volume
  if (!hasJournal(superblock) || !needsRecovery(superblock)) return nothing
  if (superblock.journalInode === 0) {
    tell({
      message: `the ext4 journal lies on another device (UUID ${superblock.journalUuid}): what was in it is not in the files read`,
    })
    return nothing
  }
  const opened = openJournal(volume, superblock)
  if (typeof opened === 'string') {
    tell({ message: `the ext4 journal cannot be replayed: ${opened}; the last seconds before the crash may be missing` })
    return nothing
  }
  const { journal, read } = opened
  const told = (message: string): void => tell({ message: `the ext4 journal: ${message}` })
  const found = replay(journal, read, told)
  volume.overlay = found
  volume.changes = fastCommits(journal, found.next, read, told)
  return found
}

function openJournal(
  volume: Volume,
  superblock: Superblock,
): { journal: JournalSuperblock; read: (block: number) => Buffer | null } | string {
  const inode = readInode(volume, superblock.journalInode)
  if (typeof inode === 'string') return inode
  const size = superblock.blockSize
  const content = contentOf(volume, inode)
  const blocks = Math.floor(content.size / size)
  function read(block: number): Buffer | null {
    if (block >= blocks) return null
    const bytes = Buffer.alloc(size)
    content.read(block * size, bytes)
    return bytes
  }
  const first = read(0)
  if (!first) return 'it is empty'
  const journal = parseJournalSuperblock(first, size, blocks)
  return typeof journal === 'string' ? journal : { journal, read }
}
