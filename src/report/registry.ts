import type { ReportForm } from './form.ts'

/** Every report form by its name; the first is meant where none is named. One run writes one: the others are not loaded. */
export const reports = {
  text: async () => (await import('./text.ts')).text,
  json: async () => (await import('./json.ts')).json,
  ndjson: async () => (await import('./ndjson.ts')).ndjson,
  markdown: async () => (await import('./markdown.ts')).markdown,
  html: async () => (await import('./html.ts')).html,
} satisfies Record<string, () => Promise<ReportForm>>

export type ReportName = keyof typeof reports

// Object.keys knows no literal types; the table above is all there is.
export const reportNames = Object.keys(reports) as [ReportName, ...ReportName[]]
