import type { Command, Outcome } from '../command.ts'
import { outcome } from '../command.ts'
import type { Options } from '../flags.ts'

export const boots: Command = {
  name: 'boots',
  about: "list the boots in logs: first and last entry, systemd's version, how each ended",
  operands: { name: 'PATH', least: 0, most: Number.POSITIVE_INFINITY, completes: 'file' },
  flags: ['host', 'timezone', 'year', 'inputFormat', 'quiet'],
  examples: [['inquest boots /var/log/journal', 'what ended each boot']],
  run,
}

async function run(paths: readonly string[], options: Options): Promise<Outcome> {
  const { bootTable } = await import('../../report/boot-table.ts')
  const { analyze } = await import('../../index.ts')
  const { quiet: _, ...reading } = options
  const { report, exitStatus, complaints } = await analyze(paths, reading)
  return outcome(exitStatus === 2 ? [] : [bootTable(report.coverage)], exitStatus === 1 ? 0 : exitStatus, complaints)
}
