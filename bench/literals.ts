import { writeFileSync } from 'node:fs'
import { giveaways } from '../src/incidents/giveaways.ts'
import { shipped } from '../src/rules/shipped.ts'
import { candidatesOf } from '../src/signals/buckets.ts'

/**
 * The fixed text by which one would search for the shipped signals with a tool for searching, the longest of each wording: those from which a
 * rule starts come first.
 */
export function literals(form: 'json' | 'text', count: number): string[] {
  const triggers = giveaways(shipped.signals, shipped.rules)?.decisive
  const rank = (name: string) => (triggers?.has(name) ? 0 : 1)
  const found = candidatesOf(shipped.signals)
    .sort((a, b) => rank(a.definition.name) - rank(b.definition.name))
    .map(({ flat }) =>
      flat.reduce<string>((best, part) => (typeof part === 'string' && part.length > best.length ? part : best), ''),
    )
    .filter(text => text.length >= 8)
    .map(text => (form === 'json' ? JSON.stringify(text).slice(1, -1) : text))
  return [...new Set(found)].slice(0, count)
}

/** As a file for `rg -f`. */
export function writeLiterals(path: string, texts: readonly string[]): string {
  writeFileSync(path, `${texts.join('\n')}\n`)
  return path
}
