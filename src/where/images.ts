import { type Image, type ImageFile, openImage } from '../bytes/image/image.ts'
import { isDisk } from '../bytes/image/sniff.ts'
import { type Limit, USUAL_LIMIT } from '../bytes/meter.ts'
import { type Bytes, type Headed, openBytes, withHead } from '../bytes/open.ts'
import { Scratch } from '../bytes/scratch.ts'
import { fileSource } from '../bytes/source.ts'
import { type Stored, storedAt } from '../bytes/stored.ts'
import { InputError, type Problem } from '../problems/problem.ts'
import { DISK_HEAD } from './disks.ts'

/** Disk images that are open, and what is wrong with each, by its label. */
export interface OpenImages {
  image: Image
  problems: ReadonlyMap<string, Problem[]>
  close(): void
}

/** Images that lie as they are: one machine's disks, or several machines'. @throws InputError */
export function openImages(paths: readonly string[], backing: readonly string[]): OpenImages {
  const files = paths.map(path => ({ label: path, source: fileSource(path), path }))
  return opened(files, backing, new Map(), () => {
    for (const { source } of files) source.close()
  })
}

/** An image in whatever it comes: where it is packed, from a temporary copy. */
export async function openStoredImage(
  stored: Stored,
  bytes: Bytes,
  headed: Headed,
  backing: readonly string[],
): Promise<OpenImages> {
  const scratch = new Scratch()
  const plain = bytes.plain() ? stored.source() : null
  if (plain) await headed.stop()
  const source = plain ?? (await scratch.take(headed.chunks))
  const file: ImageFile = { label: stored.label, source, path: plain ? stored.path : null }
  return opened([file], backing, new Map([[stored.label, bytes.problems]]), () => {
    source.close()
    scratch.close()
  })
}

/** A disk image that the user calls one. @throws InputError where it is none. */
export async function openImageAt(path: string, backing: readonly string[], bytes?: number): Promise<OpenImages> {
  const stored = await storedAt(path)
  const limit: Limit = { bytes: bytes ?? USUAL_LIMIT.bytes, ratio: Number.POSITIVE_INFINITY }
  const unpacked = openBytes(stored, limit)
  const headed = await withHead(unpacked.chunks, DISK_HEAD)
  if (isDisk(headed.head, () => (unpacked.plain() ? stored.source() : null)))
    return openStoredImage(stored, unpacked, headed, backing)
  await headed.stop()
  throw new InputError(`${path}: is no disk, and no image of one`)
}

function opened(
  files: readonly ImageFile[],
  backing: readonly string[],
  problems: Map<string, Problem[]>,
  close: () => void,
): OpenImages {
  function tell(problem: Problem, label: string): void {
    const list = problems.get(label) ?? []
    problems.set(label, list)
    list.push(problem)
  }
  for (const { label } of files) if (!problems.has(label)) problems.set(label, [])
  const image = openImage(files, { backing }, tell)
  for (const { why, image: nth } of image.contents) if (why !== null) tell({ message: why }, files[nth ?? 0]?.label ?? '')
  return { image, problems, close }
}
