import { sizeOf } from '../bytes/file.ts'
import { USUAL_LIMIT } from '../bytes/meter.ts'
import { formNamed, forms } from '../formats/registry.ts'
import { UsageError } from '../problems/problem.ts'
import type { Coverage, Input } from '../report/report.ts'
import type { DiskRead } from '../where/disk-read.ts'
import { type Found, gather } from '../where/gather.ts'
import { type Machine, machineAt } from '../where/machine.ts'
import type { Entry, Overheard } from './entry.ts'
import type { ReadOptions } from './options.ts'
import { entriesOfJournals } from './read-journals.ts'
import { LogReader } from './read-logs.ts'
import { addProblems, type Settled, type Unsettled } from './register.ts'
import { HEAD_SIZE } from './reversed.ts'
import { Session } from './session.ts'

export interface Reading {
  /**
   * Pulled in batches; in each input's own order, the inputs one after the other. Where not all are wanted (`sought`), what was overheard
   * stands in between, before the next entry whose place in the order tells anything.
   */
  batches: AsyncIterable<(Entry | Overheard)[]>
  /** Filled while iterating. */
  inputs: Input[]
  /** So far: something was passed over, and only counted. */
  readonly inPart: boolean
  /** Filled while iterating: the machines whose files lay there, with their unit files. */
  machines: Machine[]
  /** Filled while iterating: the disk images among them, and how much of each was read. */
  disks: DiskRead[]
  /** After iteration. `systemd` is null and `ended` unknown: the analysis adds them. */
  coverage(): Coverage
  /** After iteration: boots and years that were provisional while reading, as they turned out. */
  settle(read: Unsettled): Settled
}

/** Reads logs of any form. Nothing of an input is ever thrown: what could not be read stands in `inputs`. */
export function read(paths: readonly string[], options: ReadOptions = {}): Reading {
  const { inputFormat, root, image = [] } = options
  if (inputFormat !== undefined && !formNamed(inputFormat))
    throw new UsageError(
      `--input-format ${inputFormat}: there is no such form; one of ${forms.map(form => form.name).join(', ')}`,
    )
  const all = [...(root === undefined ? [] : [root]), ...image, ...paths]
  const session = new Session(options)
  const { register } = session
  const machines: Machine[] = []
  const disks: DiskRead[] = []
  return {
    batches: batchesOf(all.length === 0 ? ['-'] : all, session, machines, disks),
    inputs: register.inputs,
    machines,
    disks,
    get inPart() {
      return session.inPart
    },
    coverage: () => register.coverage(),
    settle: unsettled => register.settle(unsettled),
  }
}

async function* batchesOf(
  paths: readonly string[],
  session: Session,
  machines: Machine[],
  disks: DiskRead[],
): AsyncGenerator<(Entry | Overheard)[]> {
  const sizes = await Promise.all(paths.map(path => (path === '-' ? null : sizeOf(path))))
  // A path that cannot be read adds nothing; a pipe's length is not known.
  session.total = paths.includes('-') ? null : sizes.reduce((all: number, size) => all + (size ?? 0), 0)
  const { maxExpanded, stored, stdin, allowBacking, image, deleted, signal } = session.options
  const found = gather(paths, {
    head: HEAD_SIZE,
    limit: maxExpanded === undefined ? USUAL_LIMIT : { bytes: maxExpanded, ratio: Number.POSITIVE_INFINITY },
    site: site => machines.push(machineAt(site)),
    image: disk => disks.push(disk),
    ...(stored && { stored }),
    ...(stdin && { stdin }),
    ...(allowBacking && { allowBacking }),
    ...(deleted && { deleted }),
    ...(image && { disks: image }),
    ...(signal && { signal }),
  })
  const logs = new LogReader(session)
  for await (const one of found) yield* entriesOf(one, session, logs)
}

async function* entriesOf(found: Found, session: Session, logs: LogReader): AsyncGenerator<(Entry | Overheard)[]> {
  if (found.kind === 'journals') yield* entriesOfJournals(session, found)
  else if (found.kind === 'log') yield* logs.read(found)
  else {
    const input = session.register.open(found.label)
    if (found.disk) input.format = 'disk'
    addProblems(input, found.problems)
  }
}
