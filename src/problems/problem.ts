/** Damage and faults as data. A damaged record becomes a Problem and is counted; it is never an exception. */
export interface Problem {
  /** One sentence: what could not be read, and why. */
  message: string
  /** 1-based line in its input, where the input has lines. */
  line?: number
  /** Byte offset in its input. */
  offset?: number
}

/** The caller's command line is wrong: one sentence on stderr, exit status 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** Nothing of an input could be read (missing, unreadable, not a log): one sentence, exit status 2 when nothing else was read. */
export class InputError extends Error {
  override name = 'InputError'
}

/** A rule or signal file is wrong; `diagnostics` holds every fault of the file, the message is the painted frames. */
export class RuleError extends Error {
  override name = 'RuleError'
  constructor(
    message: string,
    readonly diagnostics: readonly Diagnostic[],
  ) {
    super(message)
  }
}

/** One fault in a text that a person wrote. Painted by frame.ts only. */
export interface Diagnostic {
  file: string
  /** 1-based. */
  line: number
  /** 1-based, in UTF-16 units. */
  column: number
  /** Exclusive end column on the same line; column + 1 where only a point is known. */
  endColumn: number
  /** What is wrong, one clause, no full stop. */
  message: string
  /** What was expected there, in the reader's words. */
  expected?: string
  /** The likely fix. */
  help?: string
}
