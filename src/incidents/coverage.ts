import { UsageError } from '../problems/problem.ts'
import { CRASHES, ENDS } from '../replay/covering.ts'
import type { Event, History } from '../replay/history.ts'
import { type Boot, type Coverage, type Ended, UNKNOWN_HOST } from '../report/report.ts'

/** Fills what only the replay knows: what each boot ran on, and how it ended. */
export function finishCoverage(
  coverage: Coverage,
  histories: readonly History[],
  selected: (host: string, boot: string) => boolean,
): Coverage {
  const byBoot = new Map(histories.map(history => [`${history.host || UNKNOWN_HOST}\0${history.boot}`, history]))
  const hosts = coverage.hosts.map(host => ({
    ...host,
    boots: host.boots
      .map((boot, index): Boot => {
        const history = byBoot.get(`${host.host}\0${boot.id}`)
        const isLast = index === host.boots.length - 1
        // A disk tells with what it was left: an update may lie between that and an earlier boot.
        const left = isLast ? history?.left : null
        return {
          ...boot,
          systemd: history?.systemd ?? null,
          kernel: history?.platform.kernel ?? left?.kernel ?? null,
          os: history?.platform.os ?? left?.os ?? null,
          ended: howEnded(history, isLast),
        }
      })
      .filter(boot => selected(host.host === UNKNOWN_HOST ? '' : host.host, boot.id)),
  }))
  return { hosts: hosts.filter(host => host.boots.length > 0) }
}

/** @param history undefined where nothing but lines without a meaning lay in the boot. */
function howEnded(history: History | undefined, isLast: boolean): Ended {
  const last = (name: string): Event | undefined => history?.byName.get(name)?.findLast(event => event.trust !== 'refuted')
  if (last('pid1.froze')) return 'frozen'
  if (CRASHES.some(last)) return 'crashed'
  if (ENDS.some(last)) return 'clean'
  return isLast ? 'unknown' : 'cut'
}

/**
 * Which boots `-b` means: `all`, an id or the start of one, or an offset back from each host's last boot (0, -1, …; 1 is the first),
 * as in journalctl.
 */
export function selectBoots(coverage: Coverage, boot: string | undefined): (host: string, boot: string) => boolean {
  if (boot === undefined || boot === 'all') return () => true
  const wanted = new Set<string>()
  for (const { host, boots } of coverage.hosts) {
    const found = pick(boots, boot)
    if (found) wanted.add(`${host}\0${found.id}`)
  }
  if (wanted.size === 0)
    throw new UsageError(`no boot ${JSON.stringify(boot)} in what was read; -b takes a boot id, an offset such as -1, or all`)
  return (host, id) => wanted.has(`${host || UNKNOWN_HOST}\0${id}`)
}

function pick(boots: readonly Boot[], wanted: string): Boot | undefined {
  if (/^[-+]?\d{1,6}$/.test(wanted)) {
    const offset = Number(wanted)
    return offset <= 0 ? boots.at(offset - 1) : boots[offset - 1]
  }
  return boots.find(boot => boot.id === wanted || (wanted.length >= 4 && boot.id.startsWith(wanted.replaceAll('-', ''))))
}
