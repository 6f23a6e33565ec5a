import { hostFrom } from '../fleet/find/host-from.ts'
import { fleetForms } from '../fleet/report/forms.ts'
import { printNames } from '../formats/journal-file/print/forms.ts'
import { reportNames } from '../report/registry.ts'
import type { Confidence } from '../report/report.ts'
import { type Flag, longForm, many, one, reserved, toggle } from './flag.ts'
import { size, text, wholeNumber, word } from './values.ts'

const SELECTION = 'What is looked at:'
const READING = 'How it is read:'
const RULES = 'Rules:'
const FLEET = 'The fleet:'
const OUTPUT = 'Output:'

const CONFIDENCES: readonly Confidence[] = ['certain', 'strong', 'moderate', 'weak']
const COLORS = ['auto', 'always', 'never'] as const

/** Every flag, once. A command names those it takes (commands/). */
export const flags = {
  boot: one('BOOT', text, {
    group: SELECTION,
    short: 'b',
    about: 'a boot id, an offset (0 the last, -1 the one before, 1 the first), or all (default)',
    completes: ['all', '0', '-1'],
  }),
  since: one('TIME', text, {
    group: SELECTION,
    short: 'S',
    about: 'nothing earlier: "2026-03-02 02:30", yesterday, -2h, @1772418641',
    completes: ['today', 'yesterday', '-1h', '-1d'],
  }),
  until: one('TIME', text, { group: SELECTION, short: 'U', about: 'nothing later', completes: ['today', 'yesterday', 'now'] }),
  host: one('GLOB', text, { group: SELECTION, about: 'only hosts of this name, as in "web-*"' }),
  root: one('DIR', text, {
    group: SELECTION,
    about: "a machine's root, as mounted or unpacked: its journal, its logs and its unit files",
    completes: 'file',
  }),
  image: many('FILE', text, {
    group: SELECTION,
    about: "a machine's disk, in any form; may be repeated: its disks together",
    completes: 'file',
  }),
  allowBacking: many('DIR', text, {
    group: READING,
    about: 'where else images that an image stands on may lie; may be repeated',
    completes: 'folder',
  }),
  deleted: toggle({
    group: READING,
    about: 'of a disk, also journals and logs that were deleted and still lie in unallocated space',
  }),
  timezone: one('ZONE', text, {
    group: READING,
    about: "zone of stamps that state none: Europe/Berlin, UTC, +02:00 (default: this machine's)",
    completes: async () => ['UTC', ...Intl.supportedValuesOf('timeZone')],
  }),
  year: one('YYYY', wholeNumber(1970, 9999), { group: READING, about: 'year of the first line, where stamps have none' }),
  inputFormat: one('NAME', text, {
    group: READING,
    about: 'read everything as this form instead of finding out (json, short-iso, syslog, …)',
    completes: async () => (await import('../formats/registry.ts')).forms.map(form => form.name),
  }),
  maxExpanded: one('SIZE', size, {
    group: READING,
    about: 'stop unpacking a file at this size (default: 64G, or 500 times its own)',
  }),
  rules: many('PATH', text, {
    group: RULES,
    about: 'add the rules of this file or folder; may be repeated',
    completes: 'file',
  }),
  only: many('RULE', text, {
    group: RULES,
    about: 'only this rule; may be repeated (inquest rules list)',
    completes: async () => (await import('../rules/shipped.ts')).shipped.rules.map(rule => rule.name),
  }),
  minConfidence: one('LEVEL', word(CONFIDENCES), {
    group: RULES,
    about: `leave out what is less sure: ${CONFIDENCES.join(', ')}`,
    completes: CONFIDENCES,
  }),
  explain: toggle({ group: RULES, about: 'also tell which signals fired and which clauses of rules held' }),
  store: one('FILE', text, {
    group: FLEET,
    about: 'where results are kept (a DuckDB database); for a report also a folder of Parquet, or JSON lines of fleet work',
    completes: 'file',
  }),
  jobs: one('N', wholeNumber(1, 1024), { group: FLEET, about: 'workers at once (default: as many as there are processors)' }),
  force: toggle({ group: FLEET, about: 'do all anew, also what is done already' }),
  hostFrom: one('HOW', hostFrom, {
    group: FLEET,
    about: "where the host's name stands, if not in the lines: path:REGEX with one group, or field:NAME",
  }),
  inventory: one('FILE', text, {
    group: FLEET,
    about: 'a CSV with a column host; its other columns are compared: image, ring, region, …',
    completes: 'file',
  }),
  fleetForm: one('FORM', word(fleetForms), {
    group: OUTPUT,
    long: '--format',
    about: `${fleetForms.join(', ')} (default: ${fleetForms[0]})`,
    completes: fleetForms,
  }),
  format: one('FORM', word(reportNames), {
    group: OUTPUT,
    about: `${reportNames.join(', ')} (default: ${reportNames[0]})`,
    completes: reportNames,
  }),
  output: one('FILE', text, {
    group: OUTPUT,
    short: 'o',
    about: 'write the report here instead; the file appears when it is whole',
    completes: 'file',
  }),
  unit: many('UNIT', text, {
    group: SELECTION,
    short: 'u',
    about: 'only what this unit said and what is said of it; may be repeated',
  }),
  identifier: many('NAME', text, { group: SELECTION, short: 't', about: 'only this syslog identifier; may be repeated' }),
  lines: one('N', wholeNumber(0, 1e9), { group: SELECTION, short: 'n', about: 'only the last N entries' }),
  reverse: toggle({ group: OUTPUT, short: 'r', about: 'newest first' }),
  entryForm: one('FORM', word(printNames), {
    group: OUTPUT,
    short: 'o',
    long: '--output',
    about: `${printNames.join(', ')} (default: ${printNames[0]})`,
    completes: printNames,
  }),
  outputFields: one('LIST', text, {
    group: OUTPUT,
    about: 'only these fields, with commas between, where a form prints several',
  }),
  utc: toggle({ group: OUTPUT, about: "times in UTC (default: this machine's zone)" }),
  noHostname: toggle({ group: OUTPUT, about: 'leave the host name out' }),
  all: toggle({ group: OUTPUT, short: 'a', about: 'long and unprintable fields in full: always so here' }),
  color: one('WHEN', word(COLORS), {
    group: OUTPUT,
    about: 'auto (default: on a terminal, unless NO_COLOR is set), always, never',
    completes: COLORS,
  }),
  width: one('N', wholeNumber(40, 1000), { group: OUTPUT, about: "columns (default: the terminal's, or 80)" }),
  quiet: toggle({ group: OUTPUT, short: 'q', about: 'no progress line; what could not be read is still told' }),
  plain: toggle({ group: '', about: 'reads every line: what the quick ways are measured against', hidden: true }),
  follow: reserved('f', 'following a log that grows is not there yet; run inquest on what there is'),
} satisfies Record<string, Flag<unknown>>

export type FlagName = keyof typeof flags

/** How a flag is written. */
export function spelling(name: FlagName): string {
  const flag: Flag<unknown> = flags[name]
  return flag.long ?? longForm(name)
}

/** What the flags were given, by name. */
export type Options = { [Name in FlagName]?: (typeof flags)[Name] extends Flag<infer Value> ? Value : never }
