import type { Feed } from '../bytes/feed.ts'
import type { Draft } from './draft.ts'

/** The record has not arrived whole; the feed stands where it stood, and the form is asked again when there is more. */
export const WAIT: unique symbol = Symbol('wait')
/** None of this form; nothing was taken. */
export const PASS: unique symbol = Symbol('pass')
/** Something was taken that is no record: a separator, a catalogue line, damage that was told. */
export const SKIP: unique symbol = Symbol('skip')

export type Outcome = Draft | typeof WAIT | typeof PASS | typeof SKIP

/** One log form. One file each, listed in registry.ts; its fixture is the folder of the same name in fixtures/formats. */
export interface Form {
  /** As `--input-format` and the report name it. */
  name: string
  about: string
  /** A few records of it, as they lie in a file. */
  example: string
  /** Reads the record at the feed's place, or says why not. When the feed is final, WAIT is no answer. */
  read(feed: Feed, scene: Scene): Outcome
  /** After the last byte: what a form that keeps an unfinished record makes of it. */
  end?(scene: Scene): Draft | null
}

/** What a form may know of the lines before, and whom it tells what it could not read. */
export interface Scene {
  /** Path of the input: a container's log tells the container by its file's name. */
  path: string
  /** Something could not be read. `lost`: records known to be gone, null for an unknown number. */
  damage(message: string, lost: number | null): void
  /** A record was put together from a damaged place. */
  recovered(): void
  /** Reads a line that came wrapped in another: never null, for the last resort is the bare text. */
  inner(text: string): Draft
  /** Boot id that a `-- Boot … --` line gave to what follows. */
  boot: string | null
  /** A separator was seen: a boot begins with the next record. */
  bootBegins: boolean
  /** The last host of this input. */
  host: string | null
  /** Memory of forms whose record needs an earlier line (a wall head, half a container line), by form. */
  memory: Map<string, unknown>
}
