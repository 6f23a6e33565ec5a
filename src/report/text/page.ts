import type { Look } from '../form.ts'
import { type Places, placesIn } from '../places.ts'
import type { Report } from '../report.ts'
import { type Paint, painter } from './paint.ts'
import { hang } from './wrap.ts'

/** What every part of the text report writes on. */
export interface Page {
  width: number
  paint: Paint
  places: Places
}

const NARROWEST = 40
// Longer lines of prose are hard to read.
const WIDEST = 120

export const pageFor = (report: Report, look: Look): Page => ({
  width: Math.min(WIDEST, Math.max(NARROWEST, Math.floor(look.width) || 80)),
  paint: painter(look.color),
  places: placesIn(report.inputs),
})

export function heading(page: Page, name: string, aside = ''): string[] {
  const [first = '', ...rest] = hang('  ', aside, page.width - name.length)
  return ['', page.paint('bold', name) + page.paint('dim', first.trimEnd()), ...rest.map(line => page.paint('dim', line))]
}

/** `Host      host-9762` */
export const field = (page: Page, name: string, value: string): string[] => hang(name.padEnd(10), value, page.width)

/** A command stands alone and is never broken, or it could not be pasted. */
export const commandLine = (page: Page, command: string, indent: string): string =>
  `${indent}${page.paint('cyan', `$ ${command}`)}`
