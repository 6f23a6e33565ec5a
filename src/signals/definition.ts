/** What a signal file says, as plain data: compiled from the signal language when the package is built, or when --rules names a file. */

/** Who may say it; see speakers.ts for the identifiers behind each. */
export type From = 'pid1' | 'kernel' | 'journald' | 'logind' | 'dbus' | 'client' | 'cron' | 'shutdown' | 'coredump' | 'any'

/**
 * - `trigger`: decides whether the boot's history is wanted
 * - `history`: replay and rules need it once something triggered
 * - `coverage`: tells what was read: boots, versions, ends, losses
 * - `background`: known, so that nothing takes it for something else; nobody asks for it
 */
export type Kind = 'trigger' | 'history' | 'coverage' | 'background'

/** What a hole takes. An enumeration takes one of `values`. */
export type HoleType = 'unit' | 'int' | 'signed' | 'word' | 'path' | 'errno' | 'text' | 'text?' | 'enum'

export interface Hole {
  /** `_` is matched but not kept. */
  hole: string
  type: HoleType
  values?: string[]
}

export type Part = string | Hole | { optional: Part[] }

/** Where it stands in its file. */
export interface Place {
  line: number
  column: number
  endColumn: number
}

/** One wording of a message. It describes the whole first line, but for blanks at its end. */
export interface Wording {
  parts: Part[]
  /** Who may say this wording; null: who may say the signal's others. */
  from: From[] | null
  set: Record<string, string>
}

/** What an analysis needs of a signal. */
export interface SignalDefinition {
  name: string
  group: string
  from: From[]
  kind: Kind
  wordings: Wording[]
  /** Storms are folded by these holes; empty: never folded. */
  fold: string[]
  /** Signals whose looser wordings these ones also fit: this one goes first. */
  over: string[]
}

/** A wording as its file has it. */
export interface WrittenWording extends Wording {
  /** First and last version known to print it: systemd's number, or `dbus 1.14.10`; null where the file does not say. */
  since: string | null
  until: string | null
  /** Version, file and function in the program's source. */
  source: string
  at: Place
}

export interface Sample {
  message: string
  /** Values that must come out, as far as the file says. */
  gives: Record<string, string>
  at: Place
}

/** A signal as its file has it: two thirds of it are for people and for checks, and not carried to where logs are read. */
export interface WrittenSignal extends SignalDefinition {
  about: string
  wordings: WrittenWording[]
  likes: Sample[]
  unlikes: Sample[]
  file: string
  at: Place
}

/** What the package carries. */
export function needed({ name, group, from, kind, wordings, fold, over }: WrittenSignal): SignalDefinition {
  const bare = wordings.map(({ parts, from, set }) => ({ parts, from, set }))
  return { name, group, from, kind, wordings: bare, fold, over }
}
