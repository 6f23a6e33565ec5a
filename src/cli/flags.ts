import { reports } from '../report/registry.ts'
import type { Confidence } from '../report/report.ts'
import { type Flag, many, one, reserved, toggle } from './flag.ts'
import { text, wholeNumber, word } from './values.ts'

const SELECTION = 'What is looked at:'
const READING = 'How it is read:'
const RULES = 'Rules:'
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
  format: one('FORM', word(reports.map(form => form.name)), {
    group: OUTPUT,
    about: `${reports.map(form => form.name).join(', ')} (default: ${reports[0]?.name})`,
    completes: reports.map(form => form.name),
  }),
  output: one('FILE', text, {
    group: OUTPUT,
    short: 'o',
    about: 'write the report here instead; the file appears when it is whole',
    completes: 'file',
  }),
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

/** What the flags were given, by name. */
export type Options = { [Name in FlagName]?: (typeof flags)[Name] extends Flag<infer Value> ? Value : never }
