import { momentOf } from '../../../report/times.ts'
import { ENDED } from '../../../report/words.ts'
import type { Next } from '../contract.ts'
import { type Block, hostsWord, names, prose, type Section, table } from './block.ts'

interface Group {
  hosts: Next[]
  advice: Next['advice']
}

/** Hosts for which the same is to be done, together; those that are up apart from those that are not. */
function groupsOf(all: readonly Next[]): Group[] {
  const groups = new Map<string, Group>()
  for (const each of all) {
    const todo = each.advice.map(({ do: what, command, danger }) => [what, command, danger])
    const key = JSON.stringify([each.ended === 'clean', todo])
    const group = groups.get(key)
    if (!group) groups.set(key, { hosts: [each], advice: each.advice })
    else {
      group.hosts.push(each)
      // A reason that is not that of all (it names the host's version) is not given for all.
      group.advice = group.advice.map((step, at) => (step.why === each.advice[at]?.why ? step : { ...step, why: '' }))
    }
  }
  return [...groups.values()]
}

function steps(advice: Next['advice']): Block[] {
  return advice.flatMap(({ do: what, why, command, danger }, index): Block[] => [
    prose(`${index + 1}. ${danger ? 'DANGER: ' : ''}${what}${why && `, because ${why}`}`),
    ...(command ? [{ kind: 'command' as const, text: command }] : []),
  ])
}

const their = (count: number): string => (count === 1 ? 'its' : 'their')

/** Rows that somebody reads; JSON and CSV have them all. */
const MOST_NEXT = 100

export function next(all: readonly Next[]): Section {
  const blocks = groupsOf(all).flatMap(({ hosts, advice }): Block[] => {
    const count = hosts.length
    const was = count === 1 ? 'was' : 'were'
    const state = [...new Set(hosts.map(({ outcome }) => outcome))].join(' or ')
    const sentence =
      hosts[0]?.ended === 'clean'
        ? `${hostsWord(count)} ${was} ${state} and ${count === 1 ? 'has' : 'have'} been shut down in order since: ${their(count)} next boot may bring it again.`
        : `${hostsWord(count)} ${was} ${state} when ${their(count)} logs end: nothing in them tells that it is over.`
    const rows = hosts
      .slice(0, MOST_NEXT)
      .map(({ host, outcome, unit, alias, since, confidence, ended }) => [
        host,
        outcome,
        `${unit ?? 'unknown'}${alias ? ` (${alias})` : ''}`,
        since ? momentOf(since).slice(0, 19) : 'unknown',
        confidence,
        ENDED[ended],
      ])
    return [
      prose(`${sentence} What to do:`),
      ...steps(advice),
      prose('In the order in which to act:'),
      table(['host', 'state', 'unit', 'since, UTC', 'sure', 'its last boot'], rows),
      ...(count > MOST_NEXT ? [prose(`And ${hostsWord(count - MOST_NEXT)} more; --format json has them all.`)] : []),
    ]
  })
  return { title: 'Who is next', blocks }
}

export function down(all: readonly Next[]): Section {
  const blocks = groupsOf(all).flatMap(({ hosts, advice }): Block[] => {
    const count = hosts.length
    const which = names(hosts.map(({ host }) => host).sort(), MOST_NEXT)
    return [
      prose(
        `${hostsWord(count)} whose last boot in the logs ends with PID 1 gone: ${which}. What to do, where it was not done yet:`,
      ),
      ...steps(advice),
    ]
  })
  return { title: 'Who is down', blocks }
}
