/** What was read and what came of it, in sentences that every form for people shares. */
import type { Boot, DiskRead, Input, Report } from './report.ts'
import { safeLine } from './safe.ts'
import { momentOf, spanOf } from './times.ts'
import { plural, size } from './words.ts'

/** One sentence: nothing found, and in what. */
export function nothingFound({ inputs, coverage: { hosts } }: Report): string {
  const entries = inputs.reduce((sum, input) => sum + input.entries, 0)
  const boots = hosts.flatMap(host => host.boots)
  const names = hosts.length === 1 && hosts[0] ? safeLine(hosts[0].host) : plural(hosts.length, 'host')
  const whole = inputs.every(({ complete }) => complete)
  const verdict = whole
    ? 'Nothing found'
    : 'Nothing found in what could be read, but part of the log is lost, so nothing is proven'
  return `${verdict}: ${plural(entries, 'entry', 'entries')} of ${names}, ${plural(boots.length, 'boot')}${covered(boots)}.`
}

/** What was lost weakens every verdict; undefined where nothing was. */
export function lossOf({ inputs }: Report, nameOf: (path: string) => string): string | undefined {
  const broken = inputs.filter(({ complete }) => !complete)
  if (broken.length === 0) return undefined
  const names = broken.slice(0, 3).map(({ path }) => (path === '-' ? 'standard input' : nameOf(path)))
  const more = broken.length > names.length ? ` and ${broken.length - names.length} more` : ''
  return `Not all of the log could be read (${names.join(', ')}${more}; see the end): what does not show here may have stood in the lost part.`
}

function covered(boots: readonly Boot[]): string {
  const first = boots.flatMap(boot => boot.first ?? []).sort()[0]
  const last = boots
    .flatMap(boot => boot.last ?? [])
    .sort()
    .at(-1)
  if (!first || !last) return ''
  return `, ${first === last ? momentOf(first) : spanOf(first, last)} UTC`
}

/** `97 entries, 9.1 KiB, form short, read whole` */
export function readingOf({ entries, bytes, format, recovered, lost, complete }: Input): string {
  const parts = [plural(entries, 'entry', 'entries'), size(bytes), `form ${safeLine(format)}`]
  if (recovered > 0) parts.push(`${recovered} salvaged from damaged places`)
  if (lost === null) parts.push('some lost, how many is unknown')
  else if (lost > 0) parts.push(`${lost} lost`)
  return [...parts, complete ? 'read whole' : 'NOT read whole'].join(', ')
}

/** `1.9 MiB read, of 96.0 MiB` */
export function diskReadingOf({ size: whole, read, unallocated }: DiskRead): string {
  const amount = whole === null ? `${size(read)} read` : `${size(read)} read, of ${size(whole)}`
  if (!unallocated) return amount
  const { searched, empty, neverUsed, left, found } = unallocated
  const rest = [
    ...(empty > 0 ? [`${size(empty)} of it are empty`] : []),
    ...(neverUsed > 0 ? [`${size(neverUsed)} were never used`] : []),
    ...(left > 0 ? [`${size(left)} were NOT searched`] : []),
  ]
  const kept = rest.length > 0 ? ` (${rest.join(', ')})` : ''
  return `${amount}; ${size(searched)} of unallocated space searched${kept}: ${plural(found, 'piece')} of deleted logs`
}

const MOST_PROBLEMS = 5

/** The first damaged places of an input, and how many more there are. */
export function problemsOf({ problems }: Input): string[] {
  const told = problems.slice(0, MOST_PROBLEMS).map(({ message, line, offset }) => {
    const place = line !== undefined ? `line ${line}: ` : offset !== undefined ? `byte ${offset}: ` : ''
    return place + safeLine(message)
  })
  const more = problems.length - told.length
  return more > 0 ? [...told, `${more} more problems; --format json lists them`] : told
}
