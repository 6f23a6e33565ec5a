import type { Ref, Trust } from '../entries/entry.ts'

/** An entry whose message one template recognises, with the typed values of its holes. */
export interface Signal {
  /** Group and name as in `grammars/signals`: `leftover.found`. */
  name: string
  /** The template's holes and set values; a hole that this wording lacks is absent. */
  values: Readonly<Record<string, string>>
  /** µs since the epoch, UTC; null where the form has no time. */
  time: number | null
  /** µs since boot. */
  mono: number | null
  /** Position in the merged log: orders signals that have no time. */
  seq: number
  host: string | null
  boot: string | null
  trust: Trust
  /** See Entry.speaker. */
  speaker: string | null
  pid: number | null
  message: string
  /** The unit that a field of the entry says it is about (Entry.unit); the message may give only a description. */
  subject: string | null
  /** The unit the speaker runs in (Entry.speakerUnit). */
  speakerUnit: string | null
  /** One reference, or several where the same event was read from several inputs. */
  refs: Ref[]
  /** How many like entries this stands for (folded storms); 1 for a plain one. */
  count: number
  /** Time of the last of them. */
  until: number | null
}
