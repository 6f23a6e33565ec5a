/**
 * Log text in Markdown that stays text. Backslashes do not help everywhere: GitHub links `root@host`, `www.` and `@name` in plain text even
 * when escaped. So every word that holds more than letters, digits and a sentence's marks goes into a code span, where nothing is read.
 */
import { safe, safeLine } from '../safe.ts'

const PLAIN = /^(?:[\p{L}\p{N}]+(?:['’,-][\p{L}\p{N}]+)*|\d+(?:\.\d+)*)$/u

/** A sentence: words plain, names as code. */
export const prose = (text: string): string => safeLine(text).split(' ').map(word).join(' ')

function word(text: string): string {
  const start = /^["(]/.test(text) ? 1 : 0
  let end = text.length
  while (end > start && '").,;:?'.includes(text.charAt(end - 1))) end--
  // logger(1) keeps its bracket.
  if (text.charAt(end) === ')' && text.slice(start, end).includes('(')) end++
  const core = text.slice(start, end)
  return core === '' || PLAIN.test(core) ? text : text.slice(0, start) + code(core) + text.slice(end)
}

/** A code span; its fence is longer than any run of backticks in it. */
export function code(text: string): string {
  const line = safeLine(text)
  const fence = '`'.repeat(longestRun(line) + 1)
  const pad = /^`|`$|^ .* $/.test(line) ? ' ' : ''
  return fence + pad + line + pad + fence
}

/** A fenced block, indented into its list item. */
export function block(text: string, indent: string, language = ''): string {
  const lines = safe(text).split('\n')
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1))
  return [`${fence}${language}`, ...lines, fence].map(line => indent + line).join('\n')
}

const longestRun = (text: string): number => (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0)
