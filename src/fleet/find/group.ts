import type { Voice } from './voices.ts'

/** Whose a log may be, and who speaks in it. */
export interface Placed {
  /** What its place calls the host. */
  place: string
  /** What the user says that it is called. */
  named: string | null
  voices: readonly Voice[]
}

/**
 * Brings together what belongs to one host. Names repeat (re-imaged machines) and so do machine ids (cloned images): the two together,
 * or a boot id, tell a machine. A text log has a name alone: it goes with every machine of that name, and the analysis parts them.
 *
 * Of a log only numbers are kept, some 50 to 100 bytes for each, so that a million of them fit.
 */
export class Grouping {
  private readonly parent = new Numbers()
  private readonly byKey = new Numbered()
  /** The first log of each machine with a name, and the logs that have a name alone: hash of the name, and the log. */
  private readonly machines: Pairs = { names: new Numbers(), logs: new Numbers() }
  private readonly texts: Pairs = { names: new Numbers(), logs: new Numbers() }

  /** Logs are numbered from 0, in the order in which they are added. */
  add(log: Placed): void {
    const index = this.parent.length
    this.parent.push(index)
    for (const { host, machineId } of log.named === null ? log.voices : []) {
      if (machineId === null || host === '') continue
      if (this.byKey.get(hashOf(`first ${host}\0${machineId}`), index) === index) put(this.machines, host, index)
    }
    for (const key of keysOf(log)) this.join(index, this.byKey.get(hashOf(key), index))
    for (const host of textHosts(log)) put(this.texts, host, index)
  }

  /** Of each log the first of those with which it must be read. */
  roots(): Iterable<number> {
    const { machines, texts } = this
    const byName = new Map<number, number[]>()
    if (texts.logs.length > 0)
      machines.names.each((name, at) => byName.set(name, [...(byName.get(name) ?? []), machines.logs.at(at)]))
    texts.names.each((name, at) => {
      for (const log of byName.get(name) ?? []) this.join(texts.logs.at(at), log)
    })
    return Array.from({ length: this.parent.length }, (_, index) => this.root(index))
  }

  private join(a: number, b: number): void {
    const [one, other] = [this.root(a), this.root(b)]
    if (one !== other) this.parent.set(Math.max(one, other), Math.min(one, other))
  }

  private root(index: number): number {
    let at = index
    for (let up = this.parent.at(at); up !== at; up = this.parent.at(at)) {
      this.parent.set(at, this.parent.at(up))
      at = up
    }
    return at
  }
}

/** Several hosts speak in it. */
export function isMixed({ named, voices }: Placed): boolean {
  return named === null && new Set(voices.map(({ host }) => host).filter(Boolean)).size > 1
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

/** Numbers in a row, eight bytes each. */
class Numbers {
  length = 0
  private values = new Float64Array(1024)

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Float64Array(this.length * 2)
      larger.set(this.values)
      this.values = larger
    }
    this.values[this.length++] = value
  }

  at(index: number): number {
    return this.values[index] ?? Number.NaN
  }

  set(index: number, value: number): void {
    this.values[index] = value
  }

  each(visit: (value: number, index: number) => void): void {
    this.values.subarray(0, this.length).forEach(visit)
  }
}

interface Pairs {
  names: Numbers
  logs: Numbers
}

function put({ names, logs }: Pairs, host: string, log: number): void {
  names.push(hashOf(host))
  logs.push(log)
}

/** A number for each key, in tables that are at most two thirds full. */
class Numbered {
  private keys = new Float64Array(2048)
  private values = new Int32Array(2048)
  private count = 0

  /** The key's number; where it has none yet, this one. */
  get(key: number, otherwise: number): number {
    const at = this.placeOf(key)
    if (this.keys[at] === key) return this.values[at] ?? otherwise
    this.keys[at] = key
    this.values[at] = otherwise
    this.count++
    if (this.count * 3 > this.keys.length * 2) this.grow()
    return otherwise
  }

  private placeOf(key: number): number {
    const mask = this.keys.length - 1
    let at = key % (mask + 1)
    for (let found = this.keys[at]; found !== 0 && found !== key; found = this.keys[at]) at = (at + 1) & mask
    return at
  }

  private grow(): void {
    const { keys, values } = this
    this.keys = new Float64Array(keys.length * 2)
    this.values = new Int32Array(keys.length * 2)
    keys.forEach((key, from) => {
      if (key === 0) return
      const at = this.placeOf(key)
      this.keys[at] = key
      this.values[at] = values[from] ?? 0
    })
  }
}

/**
 * 53 bits, never 0 (FNV-1a, and a second one that is turned, each finished as murmur3 does). Among ten million keys two may meet, once in two
 * hundred fleets: then two hosts are examined together, and the analysis parts them.
 */
function hashOf(text: string): number {
  let [a, b] = [0x811c9dc5, 0x9e3779b9]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    a = Math.imul(a ^ code, 0x01000193)
    b = Math.imul((b << 13) | (b >>> 19), 0x85ebca6b) ^ code
  }
  return mixed(a) * 2 ** 21 + (mixed(b) >>> 11) || 1
}

function mixed(hash: number): number {
  let h = hash ^ (hash >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
