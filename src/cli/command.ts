import type { Completion } from './flag.ts'
import type { FlagName, Options } from './flags.ts'

/** One command: a file in commands/, a line in commands/registry.ts. Help and completion are made from it. */
export interface Command {
  name: string
  /** One clause for the list of commands. */
  about: string
  operands?: Operands
  flags: readonly FlagName[]
  /** A line each for `--help`: what to type, what for. */
  examples?: readonly (readonly [type: string, purpose: string])[]
  /** Commands below it, such as `rules list`. */
  commands?: readonly Command[]
  run?(operands: readonly string[], options: Options, terminal: Terminal): Promise<Outcome>
}

interface Operands {
  /** How help calls one of them. */
  name: string
  /** How many there must be, and may be. */
  least: number
  most: number
  completes: Completion
}

/** What a command knows of where it was started. */
export interface Terminal {
  /** Whether standard input, and what the text is written to, are a person's screen. */
  input: boolean
  output: boolean
  /** Of the screen; 80 where there is none. */
  columns: number
  env: Readonly<Record<string, string | undefined>>
  /**
   * Tells the person who waits how far it is; the total is null where nobody knows it. `before` is what is to stand before the bytes: with
   * it, long work is told of where there is no screen too, by a line now and then.
   */
  progress(bytes: number, total: number | null, before?: string): void
}

/** What a command has to say. Only main.ts says it. */
export interface Outcome {
  /** Written piece by piece. */
  text: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>
  /** Asked for when the text is written: a reader knows what it lost when it has read. */
  end(): { status: number; complaints: readonly string[] }
}

/** An outcome that is known before its text is written. */
export function outcome(text: Outcome['text'], status = 0, complaints: readonly string[] = []): Outcome {
  return { text, end: () => ({ status, complaints }) }
}
