import type { ReportForm } from './form.ts'
import { html } from './html.ts'
import { json } from './json.ts'
import { markdown } from './markdown.ts'
import { ndjson } from './ndjson.ts'
import { text } from './text.ts'

export const reports: readonly ReportForm[] = [text, json, ndjson, markdown, html]

export const reportNamed = (name: string): ReportForm | undefined => reports.find(form => form.name === name)
