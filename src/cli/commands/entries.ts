import { plain } from '../../problems/frame.ts'
import { UsageError } from '../../problems/problem.ts'
import type { Command, Outcome, Terminal } from '../command.ts'
import type { Options } from '../flags.ts'

export const entries: Command = {
  name: 'entries',
  about: 'print the entries of native journal files, damaged ones too',
  operands: { name: 'PATH', least: 1, most: Number.POSITIVE_INFINITY, completes: 'file' },
  flags: [
    'boot',
    'since',
    'until',
    'unit',
    'identifier',
    'lines',
    'reverse',
    'entryForm',
    'outputFields',
    'utc',
    'noHostname',
    'all',
    'quiet',
  ],
  examples: [
    ['inquest entries -o json /var/log/journal', 'as journalctl --all prints'],
    ['inquest entries -b -1 -u rsyslog old.journal~', 'one unit, one boot'],
    ['inquest entries -n 20 _PID=1 crash.journal', "PID 1's last words"],
  ],
  run,
}

async function run(operands: readonly string[], options: Options, terminal: Terminal): Promise<Outcome> {
  const { isMatch } = await import('../../formats/journal-file/select.ts')
  const { Journals } = await import('../../entries/journals.ts')
  const { printForms } = await import('../../formats/journal-file/print/registry.ts')
  const { printed } = await import('../../entries/print.ts')
  const paths = operands.filter(word => !isMatch(word))
  if (paths.length === 0) throw new UsageError('entries: PATH is missing')
  const name = options.entryForm ?? printForms[0].name
  const form = printForms.find(each => each.name === name) ?? printForms[0]
  const look = {
    all: true,
    fields: options.outputFields === undefined ? null : new Set(options.outputFields.split(',')),
    utc: options.utc === true,
    hostname: options.noHostname !== true,
  }
  const order = {
    boot: options.boot ?? null,
    ...(await span(options)),
    matches: operands.filter(isMatch),
    units: options.unit ?? [],
    identifiers: options.identifier ?? [],
    lines: options.lines ?? null,
    reverse: options.reverse === true,
    separators: options.quiet !== true && /^(?:short|verbose)/.test(form.name),
  }
  const journals = await Journals.at(paths)
  const text = printed(journals, form, look, order)
  return {
    text: terminal.output ? shown(text) : text,
    end: () => {
      const { complete, complaints } = journals.told()
      return { status: journals.count === 0 ? 2 : complete ? 0 : 3, complaints }
    },
  }
}

async function span({ since, until, utc }: Options): Promise<{ since: number | null; until: number | null }> {
  if (since === undefined && until === undefined) return { since: null, until: null }
  const { parseWhen } = await import('../../entries/when.ts')
  const moment = (text: string | undefined) => (text === undefined ? null : parseWhen(text, new Date(), utc ? 'UTC' : undefined))
  return { since: moment(since), until: moment(until) }
}

/** A person's screen gets no control characters. */
async function* shown(pieces: AsyncIterable<string | Buffer>): AsyncGenerator<string> {
  for await (const piece of pieces) yield piece.toString().split('\n').map(plain).join('\n')
}
