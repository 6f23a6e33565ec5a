import { InputError, type Problem } from '../../problems/problem.ts'
import { type Allowed, type Disk, openDisk } from '../disk/open.ts'
import type { ByteSource } from '../source.ts'
import type { Tree } from '../tree.ts'
import { type PhysicalVolume, readPhysicalVolume } from '../volumes/lvm-label.ts'
import { isComplete, logicalVolumes } from '../volumes/lvm2.ts'
import { partitions } from '../volumes/partitions.ts'
import type { Volume } from '../volumes/volume.ts'
import { notRead } from './closed.ts'
import { type FileSystem, fileSystems } from './file-system.ts'
import { rootsAmong } from './roots.ts'

/** An image as it was given. */
export interface ImageFile {
  /** What reports call it. */
  label: string
  source: ByteSource
  /** Where it lies; null where it is no file of its own. */
  path: string | null
}

/** A volume, with what lies in it. */
export interface Contents {
  volume: Volume
  /** Which of the images it is on; null where it is on several. */
  image: number | null
  /** `disk.qcow2:p2`, `disk.vmdk:vg0/root`. */
  label: string
  /** 'ext4', 'a swap area', …; 'unknown'. */
  kind: string
  fileSystem: FileSystem | null
  /** In one sentence why it cannot be read; null where it can, or where it holds no logs. */
  why: string | null
}

export interface Image {
  /** The images' forms, in their order. */
  forms: string[]
  contents: Contents[]
  /** Each machine found, its other volumes in their places. */
  hosts: Tree[]
  /** What can be read and belongs to none of them. */
  loose: Tree[]
  close(): void
}

/** A file system that was opened, and whom it tells of its damage. */
interface Shown {
  fileSystem: FileSystem
  label: string
  /** Which of the images it is on; null where it is on several. */
  image: number | null
  tell(problem: Problem): void
}

/** Told of each problem, with the label of the image that has it. */
export type TellOf = (problem: Problem, image: string) => void

/**
 * The machines on disks: container, partitions, logical volumes, file systems. Several images are one machine's disks, or several machines'.
 * An image that cannot be read at all is told, and the others are read. `show` may put other files beside a volume's own.
 */
export function openImage(
  files: readonly ImageFile[],
  allowed: Allowed,
  tellOf: TellOf,
  show: (shown: Shown) => Tree = ({ fileSystem }) => fileSystem.tree,
): Image {
  const forms: string[] = []
  const contents: Contents[] = []
  const physical: PhysicalVolume[][] = []
  const disks: ByteSource[] = []
  const firstLabel = files[0]?.label ?? ''
  const tellFirst = (problem: Problem): void => tellOf(problem, firstLabel)
  files.forEach((file, image) => {
    const tell = (problem: Problem): void => tellOf(problem, file.label)
    const disk = opened(file, allowed, tell)
    if (!disk) {
      forms.push('unknown')
      physical.push([])
      return
    }
    forms.push(disk.form)
    disks.push(disk.source)
    const members: PhysicalVolume[] = []
    physical.push(members)
    for (const volume of candidates(disk.source, tell)) {
      const member = readPhysicalVolume(volume.source, tell)
      if (member) members.push(member)
      else contents.push(look(volume, image, labelOf(file.label, volume), tell, show))
    }
  })
  for (const { volume, image } of groupsOf(physical, tellFirst)) {
    const label = files[image ?? 0]?.label ?? firstLabel
    contents.push(look(volume, image, labelOf(label, volume), problem => tellOf(problem, label), show))
  }
  return { forms, contents, ...rootsAmong(contents, tellFirst), close: () => closeAll(disks) }
}

function opened(file: ImageFile, allowed: Allowed, tell: (problem: Problem) => void): Disk | null {
  try {
    return openDisk(file.source, file.path, allowed, tell)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    tell({ message: error.message })
    return null
  }
}

/** Logical volumes of one image alone, as machines and their clones have them; then those that need several. */
function groupsOf(
  physical: readonly PhysicalVolume[][],
  tell: (problem: Problem) => void,
): { volume: Volume; image: number | null }[] {
  const found: { volume: Volume; image: number | null }[] = []
  const rest: PhysicalVolume[] = []
  for (const [image, members] of physical.entries()) {
    if (members.length === 0) continue
    if (physical.length > 1 && !isComplete(members)) rest.push(...members)
    else for (const volume of logicalVolumes(members, tell)) found.push({ volume, image })
  }
  for (const volume of rest.length > 0 ? logicalVolumes(rest, tell) : []) found.push({ volume, image: null })
  return found
}

/** The partitions; and the whole disk, where a file system begins with it. */
function candidates(disk: ByteSource, tell: (problem: Problem) => void): Volume[] {
  const whole: Volume = { name: '', offset: 0, source: disk, aliases: [], number: null }
  const found = partitions(disk, tell)
  const hasWhole = found.some(volume => volume.name === '')
  return !hasWhole && fileSystems.some(kind => kind.sniff(disk)) ? [...found, whole] : found
}

function labelOf(image: string, volume: Volume): string {
  return volume.name === '' ? image : `${image}:${volume.name}`
}

function look(
  volume: Volume,
  image: number | null,
  label: string,
  tell: (problem: Problem) => void,
  show: (shown: Shown) => Tree,
): Contents {
  const found = { volume, image, label, fileSystem: null, why: null }
  function told({ offset, message }: Problem): void {
    const named = volume.name === '' ? message : `${volume.name}: ${message}`
    // Places are told as those of the disk, where a volume lies in one stretch.
    const place = offset !== undefined && volume.offset !== null ? { offset: offset + volume.offset } : {}
    tell({ message: named, ...place })
  }
  const closed = notRead(volume.source, volume.offset)
  const kind =
    fileSystems.find(one => one.sniff(volume.source)) ?? (closed ? undefined : fileSystems.find(one => one.was(volume.source)))
  if (kind) {
    // Whoever closes a tree leaves the disk to the others on it.
    const opened = kind.open({ ...volume.source, close: () => {} }, label, told)
    return typeof opened === 'string'
      ? { ...found, kind: kind.name, why: opened }
      : { ...found, kind: kind.name, fileSystem: { ...opened, tree: show({ fileSystem: opened, label, image, tell: told }) } }
  }
  return { ...found, kind: closed?.name ?? 'unknown', why: closed?.sentence ?? null }
}

function closeAll(sources: readonly ByteSource[]): void {
  for (const source of sources) source.close()
}
