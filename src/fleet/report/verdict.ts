import { clockOf, momentOf, spanOf } from '../../report/times.ts'
import { plural } from '../../report/words.ts'
import type { FleetReport, OutcomeShare, Wave } from './contract.ts'
import { amount, interval, percent } from './numbers.ts'

const hosts = (count: number): string => `${amount(count)} ${count === 1 ? 'host' : 'hosts'}`

/** One sentence: how many hosts, by rule and outcome, of how many. */
export function verdictOf(
  counts: FleetReport['counts'],
  outcomes: readonly OutcomeShare[],
  waves: readonly Wave[],
  withoutLogs: number,
): string {
  const rest = [
    ...(counts.unreadable > 0 ? [`${hosts(counts.unreadable)} could not be read`] : []),
    ...(counts.incomplete > 0 ? [`${hosts(counts.incomplete)} only in part`] : []),
    ...(withoutLogs > 0 ? [`${hosts(withoutLogs)} of the inventory ${withoutLogs === 1 ? 'has' : 'have'} no logs`] : []),
  ].join(', ')
  const open = rest ? `; ${rest}` : ''
  if (counts.read === 0) return `Nothing is known of this fleet${rest ? `: ${rest}` : ': no logs were read'}.`
  if (outcomes.length === 0) {
    const proven = rest === ''
    return proven
      ? `Nothing found on ${hosts(counts.read)}.`
      : `Nothing found on ${hosts(counts.read)}${open}: of these nothing is proven.`
  }
  const told = outcomes.slice(0, 4).map(outcomeClause)
  const more = outcomes.length > told.length ? `, and ${plural(outcomes.length - told.length, 'further outcome')}` : ''
  const first = waves.flatMap(wave => wave.first?.at ?? []).sort()[0]
  return `Of ${hosts(counts.read)} read, ${told.join('; ')}${more}${first ? `; the first at ${momentOf(first).slice(0, 19)} UTC` : ''}${open}.`
}

/** `29 froze by alias-state-overwrite (1.8 %, 95 % interval 1.3 to 2.6 %)` */
function outcomeClause({ rule, outcome, hosts: count, share, low, high, standing }: OutcomeShare): string {
  const verb = VERBS[outcome] ?? `have ${outcome}`
  const over = standing === null ? 0 : count - standing
  const said = over === count ? verb.replace(/^are /, 'were ') : verb
  const one = said
    .replace(/^are /, 'is ')
    .replace(/^were /, 'was ')
    .replace(/^have /, 'has ')
  const since = over === 0 ? '' : over === count ? ENDED_WITH : `, ${amount(over)} of them${ENDED_WITH}`
  return `${amount(count)} ${count === 1 ? one : said} by ${rule} (${percent(share)}, 95 % interval ${interval(low, high)})${since}`
}

/** A lasting state is over where its boot is: by a shutdown, or because the logs go on with another boot. */
const ENDED_WITH = ' until that boot ended'

/** An outcome said of hosts. */
const VERBS: Record<string, string> = {
  froze: 'froze',
  exited: 'lost PID 1',
  rebooted: 'rebooted',
  latent: 'are latent',
  exposed: 'are exposed',
  'double-start': 'have a double start',
  lost: 'lost PID 1 for their clients',
  overflow: 'had an overflow',
  recovered: 'had an overflow that ended',
  storm: 'had a mount storm',
  suspect: 'have a suspect left-over process',
}

/** When a wave was, in a sentence. */
export function waveSentence({ hosts: count, undated, first, last, overwritten, ongoing, outcome }: Wave): string {
  if (!first || !last) return `${hosts(count)}, whose logs have no time for it.`
  const begin =
    count === 1
      ? `It was ${first.host} at ${momentOf(first.at)} UTC`
      : `The first was ${first.host} at ${momentOf(first.at)} UTC, the last ${last.host} at ${momentOf(last.at)} UTC`
  const before = overwritten && outcome !== 'latent' ? ` ${reloads(overwritten, outcome, count)}` : ''
  const end = ongoing
    ? ' The logs end soon after: it may still be going on.'
    : ' For an hour and more after that, nothing further is in the logs.'
  return `${begin}.${before}${end}${undated > 0 ? ` ${hosts(undated)} without a time.` : ''}`
}

function reloads({ first, last }: NonNullable<Wave['overwritten']>, outcome: string, count: number): string {
  const did = outcome === 'exposed' ? 'may have overwritten' : 'overwrote'
  if (count === 1) return `The reload that ${did} the unit's state came at ${momentOf(first.at)}.`
  return `The reloads that ${did} the unit's state: ${spanOf(first.at, last.at)} (first ${first.host} at ${clockOf(first.at)}).`
}
