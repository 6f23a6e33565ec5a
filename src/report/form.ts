import type { Report } from './report.ts'

/** How a report is to look. */
export interface Look {
  color: boolean
  /** Columns. */
  width: number
  /** For `--explain`: which rule looked at which event, and what it said. */
  explanation: readonly string[]
}

/** A form in which a report is written: one file each, with a line in registry.ts. */
export interface ReportForm {
  name: string
  /** One clause for `--help`. */
  about: string
  /** Pieces of text, in order; each safe to write where the form goes (control characters of log text are escaped). */
  write(report: Report, look: Look): Iterable<string>
}
