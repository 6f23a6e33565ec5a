import { aliasEvidence } from './alias-evidence.ts'
import { aliasStateOverwrite } from './alias-state-overwrite.ts'
import { busOverflow } from './bus-overflow.ts'
import type { Twins } from './case.ts'
import { leftoverProcess } from './leftover-process.ts'
import { mountStorm } from './mount-storm.ts'
import { pid1Crash } from './pid1-crash.ts'
import { pid1Unreachable } from './pid1-unreachable.ts'

/** The year of the lab's runs, for the form that has none. */
const YEAR = 2026

const rules: Record<string, Twins> = {
  'alias-state-overwrite': { ...aliasStateOverwrite, ...aliasEvidence },
  'bus-overflow': busOverflow,
  'leftover-process': leftoverProcess,
  'mount-storm': mountStorm,
  'pid1-crash': pid1Crash,
  'pid1-unreachable': pid1Unreachable,
}

/** Every twin's files: path below fixtures/rules and text. */
export function twinFiles(): [path: string, text: string][] {
  return Object.entries(rules).flatMap(([rule, twins]) =>
    Object.entries(twins).flatMap(([name, { about, story, form = 'json', expected }]): [string, string][] => {
      const options = form === 'short' ? { timezone: 'UTC', year: YEAR } : undefined
      return [
        [`${rule}/${name}/input.log`, story[form]()],
        [`${rule}/${name}/expected.json`, `${JSON.stringify(options ? { ...expected, options } : expected, null, 2)}\n`],
        [`${rule}/${name}/case.md`, `# ${name}\n\n${about}\n`],
      ]
    }),
  )
}
