import type { Coverage, Host } from '../report/report.ts'
import type { SettledBoot } from './settlement.ts'

/** What was read: hosts by name, their boots in order. How each boot ended, and under which systemd, the analysis adds. */
export function coverageOf(boots: readonly SettledBoot[], hostOf: (boot: SettledBoot) => string): Coverage {
  const hosts = new Map<string, Host>()
  const byName = new Map<string, Host>()
  for (const boot of boots) {
    if (boot.entries === 0) continue
    const name = hostOf(boot)
    const key = `${name}\0${boot.machineId ?? ''}`
    // Text has no machine id: it goes with the machine of that name.
    const known = hosts.get(key) ?? (boot.machineId === null ? byName.get(name) : undefined)
    const host: Host = known ?? { host: name, ...(boot.machineId === null ? {} : { machineId: boot.machineId }), boots: [] }
    hosts.set(key, host)
    if (!byName.has(name)) byName.set(name, host)
    const { id, entries } = boot
    host.boots.push({
      id,
      first: isoOf(boot.first),
      last: isoOf(boot.last),
      entries,
      systemd: null,
      kernel: null,
      os: null,
      ended: 'unknown',
    })
  }
  return { hosts: [...new Set(hosts.values())].sort((a, b) => (a.host < b.host ? -1 : a.host > b.host ? 1 : 0)) }
}

/** UTC, ISO 8601 with microseconds; years beyond a date's reach give null. */
function isoOf(time: number | null): string | null {
  if (time === null || Math.abs(time) > 8.64e18) return null
  const ms = Math.floor(time / 1000)
  const micros = String(time - ms * 1000).padStart(3, '0')
  return new Date(ms).toISOString().replace('Z', `${micros}Z`)
}
