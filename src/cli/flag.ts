/** What a shell offers for a value: paths, or words that are known. */
export type Completion = 'file' | 'folder' | readonly string[] | (() => Promise<readonly string[]>)

/** One flag of the command line. Parsing, `--help` and completion are made from it; its long form is its name in flags.ts. */
export interface Flag<Value> {
  /** The heading under which `--help` shows it. */
  group: string
  short?: string
  /** Its long form, where its name here is not that: two commands mean two things by one flag. */
  long?: string
  /** One clause. */
  about: string
  /** How help calls its value; without it the flag is a switch. */
  value?: string
  completes?: Completion
  /** Reads the value; `before` is what the flag had when it was given an earlier time. Throws a UsageError that says what is wanted. */
  take?(text: string, before: Value | undefined): Value
  /** Not there yet: why, in a sentence. Not shown in help. */
  reserved?: string
  /** For those who work on inquest itself: not shown in help. */
  hidden?: true
}

type About = Omit<Flag<unknown>, 'take' | 'value' | 'reserved'>

export function toggle(about: About): Flag<true> {
  return about
}

/** A flag with a value; the last one given counts. */
export function one<Value>(value: string, read: (text: string) => Value, about: About): Flag<Value> {
  return { ...about, value, take: text => read(text) }
}

/** A flag with a value that may be given several times; all count. */
export function many<Value>(value: string, read: (text: string) => Value, about: About): Flag<Value[]> {
  return { ...about, value, take: (text, before = []) => [...before, read(text)] }
}

export function reserved(short: string, reason: string): Flag<true> {
  return { group: '', about: '', short, reserved: reason }
}

/** `minConfidence` is given as `--min-confidence`. */
export function longForm(name: string): string {
  return `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
}
