import { amount } from '../numbers.ts'

/** The report's parts in words, once for every form that people read. */
export interface Section {
  title: string
  blocks: Block[]
}

export type Block =
  | { kind: 'prose'; text: string }
  | { kind: 'command'; text: string }
  | { kind: 'table'; head: string[]; rows: string[][] /** Columns of numbers. */; right: number[] }
  /** Counts over time. */
  | { kind: 'bars'; rows: { label: string; count: number }[] }

export const prose = (text: string): Block => ({ kind: 'prose', text })
export const table = (head: string[], rows: string[][], right: number[] = []): Block => ({ kind: 'table', head, rows, right })

export const hostsWord = (count: number): string => `${amount(count)} ${count === 1 ? 'host' : 'hosts'}`

const MOST_NAMES = 12

/** So many, and how many more. */
export function names(all: readonly string[], most = MOST_NAMES): string {
  const more = all.length - most
  return `${all.slice(0, most).join(', ')}${more > 0 ? ` and ${amount(more)} more` : ''}`
}
