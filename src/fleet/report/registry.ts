import type { FleetForm } from './contract.ts'
import { csv } from './csv.ts'
import { html } from './html.ts'
import { json } from './json.ts'
import { markdown } from './markdown.ts'
import { text } from './text.ts'

/** Every form of a fleet's report; forms.ts has their names. */
export const fleetReports: readonly FleetForm[] = [text, json, markdown, html, csv]
