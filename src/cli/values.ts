import { UsageError } from '../problems/problem.ts'
import { suggest } from '../problems/suggest.ts'

/** Anything that is not empty. */
export function text(given: string): string {
  if (given === '') throw new UsageError('a value is wanted')
  return given
}

export function wholeNumber(least: number, most: number): (given: string) => number {
  return given => {
    const number = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN
    if (number >= least && number <= most) return number
    throw new UsageError(`a whole number from ${least} to ${most} is wanted`)
  }
}

const UNITS = ['', 'K', 'M', 'G', 'T', 'P']

/** Bytes, as systemd's own files state them (systemd.syntax(7)): `500M`, `1.5G`; a K is 1024. */
export function size(given: string): number {
  const match = /^(\d{1,15}(?:\.\d{1,9})?)\s*([KMGTP]?)(?:i?B)?$/i.exec(given)
  const bytes = match ? Math.floor(Number(match[1]) * 1024 ** UNITS.indexOf((match[2] ?? '').toUpperCase())) : 0
  if (bytes >= 1 && bytes <= Number.MAX_SAFE_INTEGER) return bytes
  throw new UsageError('a size is wanted, such as 500M or 2G')
}

/** One of a few words. */
export function word<Word extends string>(words: readonly Word[]): (given: string) => Word {
  return given => {
    const found = words.find(each => each === given)
    if (found !== undefined) return found
    const near = suggest(given, words)
    throw new UsageError(`${near ? `did you mean ${near}? It is ` : ''}one of ${words.join(', ')}${near ? '' : ' is wanted'}`)
  }
}
