import type { Ref } from '../entries/entry.ts'
import { type Event, secondsBetween } from '../replay/history.ts'
import { type Incident, type Proof, type Step, UNKNOWN_HOST } from '../report/report.ts'
import { evaluate, fill } from '../rules/evaluate.ts'
import { type Finding, LEAST_WEIGHT } from '../rules/judge.ts'
import { type Scope, truth, type Value } from '../rules/scope.ts'
import type { Suspect } from '../rules/suspects.ts'
import { incidentId } from './id.ts'
import { isoMicros } from './moment.ts'

/** Tells a finding: everything the report says of it. */
export function buildIncident(finding: Finding, absorbed: readonly Finding[]): Incident {
  const { rule, scope, outcome } = finding
  const [at] = finding.decisive
  if (!at) throw new Error(`rule ${rule.name}: an incident without a decisive event`)
  const subject = Object.fromEntries(rule.subject.map(({ field, value }) => [field, textOf(evaluate(value, scope))]))
  const { unit = null, alias = null, victim = null } = subject
  const { host, boot, systemd } = scope.history
  const said = rule.outcomes.find(each => each.name === outcome && (each.when === null || truth(evaluate(each.when, scope))))
  const events = inTimeline(told(finding), absorbed)
  const moments = events.flatMap(({ event }) => [event.time, event.until]).filter(time => time !== null)
  return {
    id: incidentId({ rule: rule.name, host, unit, alias, message: at.message, time: at.time }),
    rule: rule.name,
    outcome,
    severity: finding.severity,
    title: (said && fill(said.title, scope)) ?? `${rule.name}: ${outcome}`,
    host: host || UNKNOWN_HOST,
    boot,
    systemd,
    unit,
    alias,
    victim,
    at: isoMicros(at.time),
    from: isoMicros(moments.length ? Math.min(...moments) : at.time),
    to: isoMicros(moments.length ? Math.max(...moments) : at.time),
    confidence: finding.confidence,
    timeline: timeline(events, at),
    evidence: { for: proofs(finding, 'for'), against: proofs(finding, 'against'), unknown: proofs(finding, 'unknown') },
    suspects: worthNaming(finding.suspects)
      .slice(0, MOST_SUSPECTS)
      .map(({ unit, alias, reasons }, index) => ({ unit, alias, rank: index + 1, reasons })),
    figures: Object.fromEntries(rule.figures.map(({ name, value }) => [name, figure(evaluate(value, scope))])),
    advice: advice(finding),
    collect: collect(finding),
  }
}

/** Suspects that only a weak hint speaks against are told only where there is nobody better. */
function worthNaming(suspects: readonly Suspect[]): readonly Suspect[] {
  const firm = suspects.filter(({ weight }) => weight >= LEAST_WEIGHT)
  return firm.length > 0 ? firm : suspects
}

const MOST_SUSPECTS = 8
/** Steps of one kind that the timeline shows; the rest is counted. */
const MOST_OF_A_KIND = 6

interface Told {
  event: Event
  what: string
}

function told(finding: Finding): Told[] {
  const { rule, scope } = finding
  const seen = new Set<Event>()
  const steps: Told[] = []
  // A rule's own words come first: the decisive event speaks in general ones only where no other definition tells it.
  const telling = [...rule.events.filter(({ says }) => says), ...rule.events.filter(({ says, decisive }) => decisive && !says)]
  for (const definition of telling) {
    if ((scope.foundBy.get(definition.name) ?? definition) !== definition) continue
    const events = (scope.events.get(definition.name) ?? []).filter(event => !seen.has(event))
    const says = definition.says
    events.slice(0, MOST_OF_A_KIND).forEach((event, index) => {
      const own: Scope = { ...scope, events: new Map([...scope.events, [definition.name, [event]]]) }
      const more =
        index === MOST_OF_A_KIND - 1 && events.length > MOST_OF_A_KIND
          ? `; ${events.length - MOST_OF_A_KIND} more like it follow`
          : ''
      steps.push({ event, what: ((says && fill(says, own)) ?? WHAT[event.name] ?? event.name) + times(event) + more })
      seen.add(event)
    })
  }
  return steps.sort((a, b) => a.event.at - b.event.at)
}

function times(event: Event): string {
  return event.count > 1 ? ` (${event.count} times)` : ''
}

/** Words for decisive events whose rule gives none of its own. */
const WHAT: Readonly<Record<string, string>> = {
  'pid1.assert': 'PID 1 hits an assertion',
  'pid1.frame': 'the stack of the crash',
  'pid1.caught': 'PID 1 is hit by a signal',
  'pid1.core': "PID 1's crash handler",
  'pid1.froze': 'PID 1 stops for good',
  'pid1.exited': 'PID 1 ends',
  'pid1.rebooting': 'PID 1 ends',
  'pid1.fatal': 'PID 1 gives up',
  'pid1.segfault': "the kernel reports PID 1's fault",
  'pid1.coredumped': "PID 1's core is seen",
  'pid1.panic': 'the kernel panics: init is gone',
  'client.lost': 'a client finds PID 1 gone',
  'bus.activation-timeout': 'a client finds PID 1 gone',
  'leftover.found': 'a process from before is still there when the unit is started',
  'guard.overridden': 'PID 1 sees that the name became an alias, and keeps the dead state off',
  'alias.link': 'the alias is made',
  'mount.storm': 'mount units come and go by the hundred',
}

/** The steps of the finding and of those that it explains, each line once, in order. */
function inTimeline(own: readonly Told[], absorbed: readonly Finding[]): Told[] {
  const seen = new Set(own.flatMap(({ event }) => event.refs.map(refKey)))
  const others = absorbed.flatMap(told).filter(({ event }) => {
    const keys = event.refs.map(refKey)
    const known = keys.some(key => seen.has(key))
    for (const key of keys) seen.add(key)
    return !known
  })
  return [...own, ...others.slice(0, MOST_FROM_OTHERS)].sort((a, b) => a.event.at - b.event.at)
}

function timeline(events: readonly Told[], at: Event): Step[] {
  return events.map(({ event, what }) => ({
    at: isoMicros(event.time),
    delta: secondsBetween(at, event),
    what,
    message: event.made.length > 1 ? event.made.map(each => each.message).join('\n') : event.message,
    refs: event.refs,
    signal: event.name,
  }))
}

const MOST_FROM_OTHERS = 6

function refKey(ref: Ref): string {
  return `${ref.input}\0${ref.line ?? ''}\0${ref.offset ?? ''}\0${ref.cursor ?? ''}`
}

function proofs({ rule, scope }: Finding, side: 'for' | 'against' | 'unknown'): Proof[] {
  return rule.claims.flatMap(each => {
    if (each.side !== side || (each.when && !truth(evaluate(each.when, scope)))) return []
    const claim = fill(each.claim, scope)
    const refs = each.refs.flatMap(name => (scope.events.get(name) ?? []).slice(0, MOST_OF_A_KIND).flatMap(event => event.refs))
    // What speaks for it is shown or not said: a clause may hold of lines that are not there any more.
    if (claim === null || (side === 'for' && refs.length === 0)) return []
    return [{ claim, refs }]
  })
}

function advice({ rule, scope, outcome }: Finding): Incident['advice'] {
  return rule.advice.flatMap(each => {
    if (!applies(each, outcome, scope)) return []
    const [what, why] = [fill(each.do, scope), fill(each.why, scope)]
    if (what === null || why === null) return []
    const command = each.command && fill(each.command, scope)
    return [{ do: what, why, ...(command ? { command } : {}), ...(each.danger ? { danger: true } : {}) }]
  })
}

function collect({ rule, scope, outcome }: Finding): Incident['collect'] {
  return rule.collect.flatMap(each => {
    if (!applies(each, outcome, scope)) return []
    const [what, settles] = [fill(each.what, scope), fill(each.settles, scope)]
    if (what === null || settles === null) return []
    const command = each.command && fill(each.command, scope)
    return [{ what, settles, ...(command ? { command } : {}) }]
  })
}

function applies(
  each: { outcomes: string[]; when: Parameters<typeof evaluate>[0] | null },
  outcome: string,
  scope: Scope,
): boolean {
  return (
    (each.outcomes.length === 0 || each.outcomes.includes(outcome)) && (each.when === null || truth(evaluate(each.when, scope)))
  )
}

function textOf(value: Value): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function figure(value: Value): string | number | null {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'object') return value === null ? null : value.reduce((sum, event) => sum + event.count, 0)
  return typeof value === 'number' ? Number(value.toFixed(6)) : value
}
