import type { Hash64 } from './hash64.ts'

/** One field of one or many entries, as it lies in a DATA object. */
export interface Datum {
  offset: number
  name: string
  /** The value's bytes. */
  value: Buffer
  /** In how many entries the object says it is. */
  entries: number
  /** The first of them, as the object says. */
  firstEntry: number
  /** lookup3 of `NAME=value`: what an entry's xor_hash is made of. */
  lookup: Hash64
  /** Its own hash, as the object states it. */
  stated: Hash64
  /** Whether the bytes were proven, by an entry's xor_hash or the object's own hash; null: not asked yet. */
  proven: boolean | null
  /** `,"NAME":"value"`, as print/json.ts makes it of the whole value; kept where many entries share it. */
  written: string | null
  /** Decoded, where asked for before. */
  text: string | null
}

export function textOf(datum: Datum): string {
  datum.text ??= datum.value.toString('utf8')
  return datum.text
}
