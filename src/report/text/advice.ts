import type { Incident } from '../report.ts'
import { safeCommand, safeLine } from '../safe.ts'
import { commandLine, heading, type Page } from './page.ts'
import { hang } from './wrap.ts'

const INDENT = '     '

/** What to do, before the proof: who is on call reads no further. */
export function advice({ advice: steps }: Incident, earlier: readonly Incident[], page: Page): string[] {
  if (steps.length === 0) return []
  const same = earlier.findIndex(each => JSON.stringify(each.advice) === JSON.stringify(steps))
  if (same >= 0) return heading(page, 'WHAT TO DO', `the same as for ${same + 1} of this report`)
  return [
    ...heading(page, 'WHAT TO DO'),
    ...steps.flatMap(({ do: what, why, command, danger }, index) => [
      ...hang(`  ${index + 1}. `, `${danger && !command ? 'DANGER: ' : ''}${safeLine(what)}`, page.width).map(line =>
        page.paint('bold', line),
      ),
      ...hang(INDENT, `because ${safeLine(why)}`, page.width),
      ...(danger && command ? [INDENT + page.paint('red', 'DANGER, think before you paste:')] : []),
      ...(command ? [commandLine(page, safeCommand(command), INDENT)] : []),
    ]),
  ]
}

/** What would settle the open questions. */
export function collect({ collect: wanted }: Incident, page: Page): string[] {
  if (wanted.length === 0) return []
  return [
    ...heading(page, 'WHAT WOULD SETTLE IT'),
    ...wanted.flatMap(({ what, settles, command }) => [
      ...hang('  * ', `${safeLine(what)}: would tell ${safeLine(settles)}`, page.width),
      ...(command ? [commandLine(page, safeCommand(command), '    ')] : []),
    ]),
  ]
}
