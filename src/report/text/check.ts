import { checksOf } from '../places.ts'
import type { Incident } from '../report.ts'
import { safeLine } from '../safe.ts'
import { spaced } from '../words.ts'
import { commandLine, heading, type Page } from './page.ts'
import { hang } from './wrap.ts'

/** Commands that print the lines it all stands on, and the rule that read them. */
export function check(incident: Incident, page: Page): string[] {
  const { rule, outcome, id } = incident
  return [
    ...heading(page, 'HOW TO CHECK IT'),
    ...checksOf(incident).flatMap(({ command, note }) => [
      ...(note ? hang('  ', `${note}:`, page.width) : []),
      ...(command ? [commandLine(page, command, '  ')] : []),
    ]),
    ...hang(
      '  ',
      `Rule ${safeLine(rule)}, outcome ${safeLine(outcome)}; incident ${safeLine(id)}. The rule in full:`,
      page.width,
    ),
    commandLine(page, `inquest rules show ${safeLine(rule)}`, '  '),
  ]
}

/** The rule's counts, for who compares machines. */
export function figures({ figures: counted }: Incident, page: Page): string[] {
  const known = Object.entries(counted).filter(([, value]) => value !== null)
  if (known.length === 0) return []
  const told = known.map(([name, value]) => `${safeLine(spaced(name))}: ${safeLine(String(value))}`)
  return [...heading(page, 'FIGURES'), ...hang('  ', told.join('; '), page.width)]
}
