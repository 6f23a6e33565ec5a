import type { Source } from '../item.ts'
import type { Voice } from './look.ts'

/** A log, whose it may be, and who speaks in it. */
export interface Placed {
  source: Source
  /** What its place calls the host. */
  place: string
  /** What the user says that it is called. */
  named: string | null
  voices: readonly Voice[]
}

/** Logs that must be read together: no host outside speaks in them. */
export interface Group {
  host: string
  named: boolean
  inputs: Source[]
  /** Several hosts speak in one of its files. */
  mixed: boolean
}

/**
 * Brings together what belongs to one host. Names repeat (re-imaged machines) and so do machine ids (cloned images): the two together,
 * or a boot id, tell a machine. A text log has a name alone: it goes with every machine of that name, and the analysis parts them.
 */
export function grouped(logs: readonly Placed[]): Group[] {
  const sets = new Sets(logs.length)
  const machines = new Map<string, number>()
  const texts: [host: string, log: number][] = []
  logs.forEach((log, index) => {
    for (const key of keysOf(log)) sets.bind(index, key)
    for (const { host, machineId } of log.named === null ? log.voices : []) {
      if (machineId !== null && host !== '') {
        const key = `${host}\0${machineId}`
        if (!machines.has(key)) machines.set(key, index)
      }
    }
    for (const host of textHosts(log)) texts.push([host, index])
  })
  const byName = new Map<string, number[]>()
  for (const [key, index] of machines) {
    const host = key.slice(0, key.indexOf('\0'))
    byName.set(host, [...(byName.get(host) ?? []), index])
  }
  for (const [host, index] of texts) for (const other of byName.get(host) ?? []) sets.join(index, other)
  return [...sets.all()].map(members => groupOf(members.flatMap(index => logs[index] ?? [])))
}

function keysOf(log: Placed): string[] {
  if (log.named !== null) return [`named ${log.named}`]
  const keys = log.voices.flatMap(({ host, machineId, boot }) => [
    ...(boot === null ? [] : [`boot ${boot}`]),
    // Early in a boot every machine is called localhost: there only the boot tells.
    ...(machineId === null || (host === '' && boot !== null) ? [] : [`machine ${machineId} ${host}`]),
  ])
  return [...keys, ...textHosts(log).map(host => `text ${host}`)]
}

function textHosts({ named, voices, place }: Placed): string[] {
  if (named !== null) return []
  const said = voices.filter(({ host, machineId }) => machineId === null && host !== '').map(({ host }) => host)
  return said.length > 0 || voices.some(({ machineId, boot }) => machineId !== null || boot !== null) ? said : [place]
}

function groupOf(members: readonly Placed[]): Group {
  const sorted = [...members].sort((a, b) => (a.source.path < b.source.path ? -1 : 1))
  const [first] = sorted
  return {
    host: first?.named ?? first?.place ?? '',
    named: first?.named != null,
    inputs: sorted.map(({ source }) => source),
    mixed: members.some(
      ({ named, voices }) => named === null && new Set(voices.map(({ host }) => host).filter(Boolean)).size > 1,
    ),
  }
}

/** Disjoint sets of numbers, joined by what they share. */
class Sets {
  private readonly parent: Int32Array
  private readonly byKey = new Map<string, number>()

  constructor(size: number) {
    this.parent = Int32Array.from({ length: size }, (_, index) => index)
  }

  bind(index: number, key: string): void {
    const other = this.byKey.get(key)
    if (other === undefined) this.byKey.set(key, index)
    else this.join(index, other)
  }

  join(a: number, b: number): void {
    const [one, other] = [this.root(a), this.root(b)]
    if (one !== other) this.parent[Math.max(one, other)] = Math.min(one, other)
  }

  all(): Iterable<number[]> {
    const sets = new Map<number, number[]>()
    this.parent.forEach((_, index) => {
      const root = this.root(index)
      const set = sets.get(root)
      if (set) set.push(index)
      else sets.set(root, [index])
    })
    return sets.values()
  }

  private root(index: number): number {
    let at = index
    for (let up = this.parent[at] ?? at; up !== at; up = this.parent[at] ?? at) {
      this.parent[at] = this.parent[up] ?? up
      at = up
    }
    return at
  }
}
