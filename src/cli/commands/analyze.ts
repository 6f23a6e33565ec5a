import { UsageError } from '../../problems/problem.ts'
import { reportNames, reports } from '../../report/registry.ts'
import { colored } from '../color.ts'
import { type Command, type Outcome, outcome, type Terminal } from '../command.ts'
import type { Options } from '../flags.ts'

export const analyze: Command = {
  name: 'analyze',
  about: 'say what befell PID 1 or the bus, to which unit, in what order, how sure (default)',
  operands: { name: 'PATH', least: 0, most: Number.POSITIVE_INFINITY, completes: 'file' },
  flags: [
    'boot',
    'since',
    'until',
    'host',
    'root',
    'image',
    'allowBacking',
    'deleted',
    'timezone',
    'year',
    'inputFormat',
    'maxExpanded',
    'rules',
    'only',
    'minConfidence',
    'explain',
    'format',
    'output',
    'color',
    'width',
    'quiet',
    'plain',
    'follow',
  ],
  examples: [
    ['journalctl -o json | inquest', "this machine's journal"],
    ['inquest /var/log/messages*', 'what rsyslog kept, gzip or not'],
    ['inquest -b -1 -S yesterday node7.log', 'the boot before the last'],
    ['inquest --root /mnt', "a dead machine's disk, mounted"],
    ['inquest disk.qcow2', "a crashed VM's disk, unmounted"],
    ['inquest sosreport-node7.tar.xz', 'an archive, as it is'],
    ['inquest --format json -o report.json *.log', 'a report for scripts'],
    ['inquest ./rules', 'a log named like a command'],
  ],
  run,
}

async function run(paths: readonly string[], options: Options, terminal: Terminal): Promise<Outcome> {
  if (paths.length === 0 && options.root === undefined && options.image === undefined && terminal.input)
    throw new UsageError('name a log to read, or pipe one in: journalctl -o json | inquest')
  if (paths.indexOf('-') !== paths.lastIndexOf('-')) throw new UsageError('standard input (-) can be read only once')
  const { format, output: _, color, width, quiet, follow: __, ...analysis } = options
  const form = await reports[format ?? reportNames[0]]()
  const library = await import('../../index.ts')
  const { report, explanation, exitStatus, complaints } = await library.analyze(paths, {
    ...analysis,
    ...(quiet ? {} : { progress: terminal.progress }),
  })
  // A report about nothing would read like an all-clear.
  const text =
    exitStatus === 2 ? [] : form.write(report, { color: colored(color, terminal), width: width ?? terminal.columns, explanation })
  return outcome(text, exitStatus, complaints)
}
