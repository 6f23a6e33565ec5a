import { plain } from '../../problems/frame.ts'
import { InputError, UsageError } from '../../problems/problem.ts'
import type { OpenImages } from '../../where/images.ts'
import { type Command, type Outcome, outcome, type Terminal } from '../command.ts'
import type { Options } from '../flags.ts'

const place = { name: 'IMAGE[:PATH]', completes: 'file' } as const
const flags = ['allowBacking', 'maxExpanded', 'deleted'] as const

export const image: Command = {
  name: 'image',
  about: "look at the files inside a machine's disk, without root or mounts",
  flags: [],
  examples: [
    ['inquest image ls disk.qcow2', 'volumes and file systems'],
    ['inquest image ls disk.qcow2:var/log', 'a directory'],
    ['inquest image cat disk.qcow2:p2:etc/fstab', "a volume's file"],
    ['inquest image extract disk.vmdk:var/log logs', 'into a new folder'],
    ['inquest image ls --deleted disk.raw', 'deleted logs too'],
  ],
  commands: [
    {
      name: 'ls',
      about: 'what is on a disk, or in a directory of it',
      operands: { ...place, least: 1, most: 1 },
      flags: [...flags],
      run: async ([given = ''], options, terminal) =>
        within(given, options, terminal, async ({ image: disk, deleted }, inside) => {
          const { directoryText, diskText } = await import('../../where/image-text.ts')
          const { deletedText } = await import('../../where/deleted-text.ts')
          const { placeIn } = await import('../../where/image-path.ts')
          return inside === null ? [diskText(disk), ...deleted.map(deletedText)] : [directoryText(placeIn(disk, inside))]
        }),
    },
    {
      name: 'cat',
      about: "a file's bytes",
      operands: { ...place, least: 1, most: 1 },
      flags: [...flags],
      run: async ([given = ''], options, terminal) =>
        within(given, options, terminal, async (images, inside) => {
          const { chunksAt } = await import('../../where/image-files.ts')
          const { placeIn } = await import('../../where/image-path.ts')
          const chunks = chunksAt(placeIn(images.image, inside ?? ''))
          return terminal.output ? safe(chunks) : chunks
        }),
    },
    {
      name: 'extract',
      about: 'copy a file, or a directory with all below it, into a new folder; links are not made',
      operands: { name: 'IMAGE[:PATH] FOLDER', completes: 'file', least: 2, most: 2 },
      flags: [...flags],
      run: async ([given = '', folder = ''], options, terminal) =>
        within(given, options, terminal, async (images, inside) => {
          const { extract } = await import('../../where/image-files.ts')
          const { placeIn } = await import('../../where/image-path.ts')
          return extract(placeIn(images.image, inside ?? ''), folder)
        }),
    },
  ],
}

type Texts = Iterable<string | Uint8Array>

/** Opens the image, and tells at the end what was wrong with it. */
async function within(
  given: string,
  { allowBacking: backing = [], maxExpanded, deleted }: Options,
  terminal: Terminal,
  read: (images: OpenImages, inside: string | null) => Promise<Texts>,
): Promise<Outcome> {
  const { splitImagePath } = await import('../../where/image-path.ts')
  const { openImageAt } = await import('../../where/images.ts')
  const { DELETED } = await import('../../where/deleted.ts')
  const { file, inside } = splitImagePath(given)
  let failed: string | null = null
  function* told(texts: Texts): Generator<string | Uint8Array> {
    try {
      yield* texts
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      failed = error.message
    }
  }
  try {
    const opened = await openImageAt(file, {
      backing,
      deleted: deleted === true,
      ...(maxExpanded !== undefined && { maxExpanded }),
    })
    if (inside === null || inside.includes(DELETED)) await opened.search(bytes => terminal.progress(bytes, null))
    const text = told(await read(opened, inside))
    const { problems } = opened
    return {
      text,
      end: () => {
        opened.settle()
        const complaints = [...problems].flatMap(([label, list]) => list.map(({ message }) => `${label}: ${message}`))
        if (failed !== null) return { status: 2, complaints: [...complaints, failed] }
        return { status: complaints.length > 0 ? 3 : 0, complaints }
      },
    }
  } catch (error) {
    if (error instanceof InputError) return outcome([], 2, [error.message])
    throw error instanceof UsageError ? new UsageError(`${given}: ${error.message}`) : error
  }
}

/** A file on a terminal: its lines, with nothing in them that moves the cursor. */
function* safe(chunks: Iterable<Uint8Array>): Generator<string> {
  const decoder = new TextDecoder()
  for (const chunk of chunks) {
    yield decoder.decode(chunk, { stream: true }).split('\n').map(plain).join('\n')
  }
}
