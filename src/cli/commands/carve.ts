import type { ByteSource } from '../../bytes/source.ts'
import { plain } from '../../problems/frame.ts'
import { InputError } from '../../problems/problem.ts'
import { type Command, type Outcome, outcome, type Terminal } from '../command.ts'
import type { Options } from '../flags.ts'

export const carve: Command = {
  name: 'carve',
  about: 'find journal entries in raw bytes: a disk, a memory dump, unallocated space',
  operands: { name: 'FILE', least: 1, most: 1, completes: 'file' },
  flags: ['entryForm', 'outputFields', 'utc', 'noHostname'],
  examples: [['inquest carve -o json sda.raw > found.json', 'deleted ones too']],
  run,
}

async function run([path = '']: readonly string[], options: Options, terminal: Terminal): Promise<Outcome> {
  const { fileSource } = await import('../../bytes/source.ts')
  const { carve: carved } = await import('../../formats/journal-file/carve.ts')
  const { printForms } = await import('../../formats/journal-file/print/registry.ts')
  const form = printForms.find(({ name }) => name === options.entryForm) ?? printForms[0]
  const fields = options.outputFields === undefined ? null : new Set(options.outputFields.split(','))
  const look = { all: true, fields, utc: options.utc === true, hostname: options.noHostname !== true }
  let source: ByteSource
  try {
    source = fileSource(path)
  } catch (error) {
    if (error instanceof InputError) return outcome([], 2, [error.message])
    throw error
  }
  const complaints: string[] = []
  function* text(): Generator<string | Uint8Array> {
    for (const { offset, header, entries } of carved(path, source)) {
      let count = 0
      for (const entry of entries) {
        count++
        const piece = form.write(entry, look)
        yield terminal.output ? piece.toString().split('\n').map(plain).join('\n') : piece
      }
      const place = header ? `a journal at byte ${offset}` : `pieces of a journal that began at byte ${offset}`
      complaints.push(`${path}: ${place}, ${count} entries`)
    }
    if (complaints.length === 0) complaints.push(`${path}: no journal was found in it`)
  }
  return { text: text(), end: () => ({ status: complaints.some(each => each.endsWith('entries')) ? 0 : 3, complaints }) }
}
