import { originOf } from '../bytes/tree.ts'
import { type Platform, platformAt } from './platform.ts'
import type { Root } from './root.ts'
import type { Site } from './site.ts'
import { type UnitFiles, unitFilesOf } from './units.ts'

/** A machine whose files were found, for what they tell beside its logs. */
export interface Machine {
  /** What reports call its root: `ROOT:` and a path is a file in it. */
  label: string
  host: string | null
  /** Its logs, as reports name them. */
  inputs: Set<string>
  units: UnitFiles
  /** What ran on it when its disk was seen; null where no file of it was. */
  platform: Platform | null
}

const NONE: UnitFiles = { links: [], declared: [], pins: [] }

export function machineAt({ root, host, logs, journals, machine }: Site): Machine {
  const inputs = new Set([...logs, ...journals].map(({ path }) => originOf(root.tree, path)))
  return {
    label: `${root.tree.label}:${root.base === '' ? '' : `${root.base}/`}`,
    host,
    inputs,
    units: machine ? told(root) : NONE,
    platform: machine ? platformAt(root) : null,
  }
}

/** sos makes its links anew: their times are those of the report. */
function told(root: Root): UnitFiles {
  const units = unitFilesOf(root)
  if (root.isDirectory('sos_commands')) for (const link of units.links) link.made = null
  return units
}
