/** A small fleet of the lab's real runs: every host a renamed, re-timed copy of one. Kept in the shapes in which fleets keep their logs. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { lines } from '../lab.ts'

export const HOSTS = 40
const FROZEN = [3, 17, 22, 31]
const LATENT = [5, 8, 36]

export const layouts = ['files', 'packed', 'partitioned', 'mixed'] as const
export type Layout = (typeof layouts)[number]

export const nameOf = (index: number): string => `node-${String(index).padStart(2, '0')}`
const hex = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)

/** Rule and outcome by host; '' where nothing befell it. */
export const truth: ReadonlyMap<string, string> = new Map(
  Array.from({ length: HOSTS }, (_, index) => [
    nameOf(index),
    FROZEN.includes(index) ? 'alias-state-overwrite froze' : LATENT.includes(index) ? 'alias-state-overwrite latent' : '',
  ]),
)

/** The lab's run that a host's log is a copy of. */
export const runOf = (index: number): string => {
  if (FROZEN.includes(index)) return index % 2 ? 'rsyslog-kill-252' : 'rsyslog-kill-257'
  if (LATENT.includes(index)) return 'rsyslog-latent-257'
  return ['healthy-252', 'healthy-257', 'healthy-262'][index % 3] ?? ''
}

/** The kernel of the lab said nothing: its first line is put before what PID 1 said. */
function booting(
  { __REALTIME_TIMESTAMP = '0', __MONOTONIC_TIMESTAMP = '0' }: Record<string, string>,
  index: number,
): Record<string, string> {
  const MESSAGE = `Linux version ${kernelOf(index)} (builder@host) (gcc 12.2.0) #1 SMP`
  return {
    __REALTIME_TIMESTAMP,
    __MONOTONIC_TIMESTAMP,
    MESSAGE,
    SYSLOG_IDENTIFIER: 'kernel',
    _TRANSPORT: 'kernel',
    PRIORITY: '5',
  }
}

export const kernelOf = (index: number): string => (index % 3 ? '6.1.0-18-amd64' : '5.14.0-362.el9.x86_64')

const WAVE = Date.UTC(2026, 4, 3, 2) * 1000

/** A host's lines, with their times. */
export function logOf(index: number): [time: number, line: string][] {
  const entries = lines(runOf(index), 'json').map(line => JSON.parse(line) as Record<string, string>)
  const [first] = entries
  const [host, machine, boot] = [nameOf(index), hex(`machine ${index}`), hex(`boot ${index}`)]
  const shift = WAVE + Math.floor(index / 10) * 3600e6 + ((index * 7919) % 3000) * 1e6 - Number(first?.__REALTIME_TIMESTAMP)
  return [...(first ? [booting(first, index)] : []), ...entries].map((entry, n) => {
    const time = Number(entry.__REALTIME_TIMESTAMP) + shift
    const stamps = {
      __REALTIME_TIMESTAMP: String(time),
      ...(entry._SOURCE_REALTIME_TIMESTAMP && {
        _SOURCE_REALTIME_TIMESTAMP: String(Number(entry._SOURCE_REALTIME_TIMESTAMP) + shift),
      }),
    }
    const names = { _HOSTNAME: host, _MACHINE_ID: machine, _BOOT_ID: boot, __CURSOR: `s=${machine};i=${n};b=${boot}` }
    return [time, JSON.stringify({ ...entry, ...stamps, ...names })]
  })
}

const text = (log: readonly (readonly [number, string])[]): string => `${log.map(([, line]) => line).join('\n')}\n`

/** Writes the fleet's logs into the folder. */
export function writeFleet(folder: string, layout: Layout): void {
  mkdirSync(folder, { recursive: true })
  const logs = Array.from({ length: HOSTS }, (_, index) => logOf(index))
  if (layout === 'mixed') {
    const all = logs.flat().sort((a, b) => a[0] - b[0])
    const per = Math.ceil(all.length / 5)
    for (let n = 0; n < 5; n++) writeFileSync(join(folder, `all-${n}.ndjson`), text(all.slice(n * per, (n + 1) * per)))
    return
  }
  logs.forEach((log, index) => {
    if (layout === 'files') writeFileSync(join(folder, `${nameOf(index)}.ndjson`), text(log))
    else if (layout === 'packed') writeFileSync(join(folder, `${nameOf(index)}.ndjson.gz`), gzipSync(text(log)))
    else {
      // A host's log in two parts, days apart by name.
      const half = Math.floor(log.length / 2)
      for (const [date, part] of [
        ['2026-05-02', log.slice(0, half)],
        ['2026-05-03', log.slice(half)],
      ] as const) {
        const place = join(folder, `date=${date}`, `host=${nameOf(index)}`)
        mkdirSync(place, { recursive: true })
        writeFileSync(join(place, 'part-0.ndjson.gz'), gzipSync(text(part)))
      }
    }
  })
}

/** The affected all have the image base-2026.04. */
export function inventory(): string {
  const rows = [...truth].map(
    ([host, told], index) => `${host},${told || index % 5 ? 'base-2026.04' : 'base-2026.03'},${Math.floor(index / 10)}`,
  )
  return `${['host,image,ring', ...rows].join('\n')}\n`
}
