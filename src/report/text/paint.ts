/** Sober: weight and three colours that every terminal has, and only where they were asked for. */
import type { Severity } from '../report.ts'

const CODES = { bold: '1', dim: '2', red: '1;31', yellow: '33', cyan: '36' }
export type Style = keyof typeof CODES
export type Paint = (style: Style | undefined, text: string) => string

export const painter = (color: boolean): Paint =>
  color ? (style, text) => (style && text ? `\x1b[${CODES[style]}m${text}\x1b[0m` : text) : (_, text) => text

export const SEVERITY_STYLE: Record<Severity, Style | undefined> = {
  critical: 'red',
  high: 'red',
  medium: 'yellow',
  low: undefined,
  info: 'dim',
}
