/** The contract's words in plain ones. */
import type { Confidence, Ended, Incident, Severity } from './report.ts'
import { safeLine } from './safe.ts'

export const CONFIDENCE: Record<Confidence, string> = {
  certain: 'the log shows it, in lines whose writer journald vouches for',
  strong: 'the log bears it out, though not beyond all doubt',
  moderate: 'the likeliest reading, but a link of the proof is missing',
  weak: 'a hint, no more; look for other causes too',
}

export const ENDED: Record<Ended, string> = {
  clean: 'shut down in order',
  cut: 'its log breaks off without a shutdown',
  frozen: 'PID 1 froze',
  crashed: 'PID 1 crashed',
  running: 'still running when the log was taken',
  unknown: 'how it ended is not in the log',
}

const BRIEF: readonly Severity[] = ['low', 'info']

/** Nothing to do at night: told in a few lines. */
export const isBrief = ({ severity }: Incident): boolean => BRIEF.includes(severity)

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

export function size(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']
  const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  return step === 0 ? plural(bytes, 'byte') : `${(bytes / 1024 ** step).toFixed(1)} ${units[step]}`
}

/** The first digits tell a journal's boot id from others; journalctl takes it whole only, so it stands whole once, at the end. */
export const shortBoot = (id: string): string => bootName(/^[0-9a-f]{32}$/.test(id) ? id.slice(0, 8) : id)

export const bootName = (id: string): string => (id.startsWith('boot') ? safeLine(id) : `boot ${safeLine(id)}`)

/** `secondsFromLink` → `seconds from link` */
export const spaced = (name: string): string => name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
