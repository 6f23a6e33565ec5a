import { checksOf, type Places } from '../places.ts'
import type { Incident, Proof, Step } from '../report.ts'
import { safeCommand } from '../safe.ts'
import { clockOf, dayOf, deltaOf, momentAndSpan } from '../times.ts'
import { CONFIDENCE } from '../words.ts'
import { element as el, type Markup } from './element.ts'

type Parts = (Markup | string)[]

export function incidentMarkup(incident: Incident, places: Places): Markup {
  const { severity, title, confidence, evidence, advice, timeline, suspects, collect, rule, outcome, id } = incident
  return el(
    'section',
    el('h2', el(`span.${severity}`, severity.toUpperCase()), ` ${title} (${confidence})`),
    facts(incident),
    ...list('What to do', 'ol', advice.map(advised)),
    ...section('What happened, in UTC', [el('table', ...timeline.map(step => happened(step, places)))]),
    ...claims('Why it is believed', evidence.for, places),
    ...claims('What speaks against it', evidence.against, places),
    ...claims('Not known', evidence.unknown, places),
    ...list(
      'Suspects',
      'ol',
      suspects.map(({ unit, alias, reasons }) => [el('code', unit), `${alias ? `, alias ${alias}` : ''}: ${reasons.join('; ')}`]),
    ),
    ...list(
      'What would settle it',
      'ul',
      collect.map(({ what, settles, command }) => [`${what}: would tell ${settles}`, ...shell(command)]),
    ),
    ...list(
      'How to check it',
      'ul',
      checksOf(incident).map(({ command, note }) => [note ?? 'every line above', ...shell(command)]),
    ),
    el('p.why', `Rule ${rule}, outcome ${outcome}, incident ${id}`),
  )
}

const section = (name: string, parts: Parts): Parts => [el('h3', name), ...parts]

const list = (name: string, tag: string, items: readonly Parts[]): Parts =>
  items.length > 0 ? section(name, [el(tag, ...items.map(parts => el('li', ...parts)))]) : []

const claims = (name: string, proofs: readonly Proof[], places: Places): Parts =>
  list(
    name,
    'ul',
    proofs.map(({ claim, refs }) => [claim, ...placed(places.of(refs))]),
  )

const placed = (place: string): Parts => (place ? [' ', el('span.place', `[${place}]`)] : [])

const shell = (command: string | undefined): Parts => (command ? [el('pre', el('code', safeCommand(command)))] : [])

const advised = ({ do: what, why, command, danger }: Incident['advice'][number]): Parts => [
  ...(danger ? [el('span.danger', 'DANGER: ')] : []),
  el('b', what),
  ' ',
  el('span.why', `because ${why}`),
  ...shell(command),
]

function facts({ unit, alias, victim, host, boot, systemd, at, from, to, confidence }: Incident): Markup {
  const rows: [string, string | null][] = [
    ['Unit', unit && `${unit}${alias ? `, alias ${alias}` : ''}`],
    ['Victim', victim],
    ['Host', `${host}, systemd ${systemd ?? 'of unknown version'}, boot ${boot}`],
    ['When', momentAndSpan(at, from, to)],
    ['How sure', `${confidence}: ${CONFIDENCE[confidence]}`],
  ]
  return el('table', ...rows.flatMap(([name, value]) => (value ? [el('tr', el('th', name), el('td', value))] : [])))
}

const happened = ({ at, delta, what, message, refs }: Step, places: Places): Markup =>
  el(
    delta === 0 ? 'tr.decisive' : 'tr',
    el('td.time', at ? `${dayOf(at)} ${clockOf(at)}` : ''),
    el('td.time', delta === null ? '' : deltaOf(delta)),
    el('td', what, ...placed(places.of(refs)), ...(message ? [el('pre', message)] : [])),
  )
