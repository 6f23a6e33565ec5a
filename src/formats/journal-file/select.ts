import { UsageError } from '../../problems/problem.ts'
import { textOf } from './datum.ts'
import type { JournalEntry } from './entry.ts'

/** Whether an entry is asked for. */
export type Test = (entry: JournalEntry) => boolean

export interface Selection {
  /** `FIELD=VALUE` and `+`, as typed. */
  matches: readonly string[]
  units: readonly string[]
  identifiers: readonly string[]
  /** µs since the epoch, both included; null: no limit. */
  since: number | null
  until: number | null
}

const MATCH = /^[A-Z_][A-Z0-9_]{0,63}=/

/** Whether a word of the command line is a match and no path. */
export function isMatch(word: string): boolean {
  return word === '+' || MATCH.test(word)
}

/** All that the flags ask for at once; a group of alternatives each. */
export function selectionTest(selection: Selection): Test {
  const { since, until } = selection
  const tests: Test[] = []
  if (since !== null) tests.push(entry => entry.realtime >= since)
  if (until !== null) tests.push(entry => entry.realtime <= until)
  if (selection.matches.length > 0) tests.push(matchTest(selection.matches))
  if (selection.identifiers.length > 0) tests.push(matchTest(selection.identifiers.map(name => `SYSLOG_IDENTIFIER=${name}`)))
  if (selection.units.length > 0) tests.push(either(selection.units.map(unitTest)))
  return entry => tests.every(test => test(entry))
}

/**
 * Of one field any of the values given, of different fields all, and `+` between alternatives (journalctl(1), "MATCHES").
 *
 * @throws UsageError for a + that stands alone.
 */
function matchTest(words: readonly string[]): Test {
  const groups = words.join('\0').split('\0+\0')
  return either(
    groups.map(group => {
      const byField = new Map<string, Set<string>>()
      for (const word of group.split('\0')) {
        if (word === '+') throw new UsageError('+ stands between two matches, as in _PID=1 + SYSLOG_IDENTIFIER=kernel')
        const equals = word.indexOf('=')
        const name = word.slice(0, equals)
        byField.set(name, (byField.get(name) ?? new Set()).add(word.slice(equals + 1)))
      }
      return entry => [...byField].every(([name, values]) => hasAny(entry, name, values))
    }),
  )
}

function either(tests: readonly Test[]): Test {
  return entry => tests.some(test => test(entry))
}

function hasAny(entry: JournalEntry, name: string, values: ReadonlySet<string>): boolean {
  if (name === '_BOOT_ID' && values.has(entry.boot)) return true
  return entry.data.some(datum => datum.name === name && values.has(textOf(datum)))
}

const COREDUMP = 'fc2e22bc6ee647b6b90729ab34a250b1'

/** What a unit said, and what PID 1, its coredumps and other daemons of root say of it (systemd v252 src/shared/logs-show.c, add_matches_for_unit). */
function unitTest(given: string): Test {
  const unit = unitPattern(given)
  const has = (entry: JournalEntry, name: string, value: string | RegExp): boolean =>
    entry.data.some(datum => {
      if (datum.name !== name) return false
      return typeof value === 'string' ? textOf(datum) === value : value.test(textOf(datum))
    })
  return entry =>
    has(entry, '_SYSTEMD_UNIT', unit) ||
    (has(entry, 'UNIT', unit) && has(entry, '_PID', '1')) ||
    (has(entry, 'OBJECT_SYSTEMD_UNIT', unit) && has(entry, '_UID', '0')) ||
    (has(entry, 'COREDUMP_UNIT', unit) && has(entry, '_UID', '0') && has(entry, 'MESSAGE_ID', COREDUMP)) ||
    (given.endsWith('.slice') && has(entry, '_SYSTEMD_SLICE', unit))
}

/** `sshd` is `sshd.service`; `*`, `?` and `[…]` as in a shell. */
function unitPattern(given: string): RegExp {
  const full = /\.[a-z]+$/.test(given) ? given : `${given}.service`
  const source = full
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.')
  try {
    return new RegExp(`^${source}$`, 's')
  } catch {
    throw new UsageError(`--unit ${given}: is no name and no pattern of one`)
  }
}
