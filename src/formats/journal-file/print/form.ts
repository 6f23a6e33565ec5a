import type { JournalEntry } from '../entry.ts'

/** How entries are to be printed: journalctl's own flags. */
export interface PrintLook {
  /** `--all`: long and unprintable fields in full. */
  all: boolean
  /** `--output-fields`: only these, and those that every form has. */
  fields: ReadonlySet<string> | null
  /** `--utc`. */
  utc: boolean
  /** `--no-hostname`. */
  hostname: boolean
}

/** One of journalctl's output forms: one file each, listed in registry.ts, by name in forms.ts. */
export interface PrintForm {
  name: string
  about: string
  /** An entry with its line end; '' where this form leaves it out. */
  write(entry: JournalEntry, look: PrintLook): string | Buffer
}
