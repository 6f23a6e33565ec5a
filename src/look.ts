import { isDirectory, sizeOf } from './bytes/file.ts'
import type { ReadOptions } from './entries/options.ts'
import { type Giveaways, giveaways, UNIT_ENDS } from './incidents/giveaways.ts'
import { glancer } from './incidents/glancer.ts'
import type { Rule } from './rules/definition.ts'
import type { Grammar } from './rules/shipped.ts'
import type { Sought } from './scan/sought.ts'
import type { Matcher } from './signals/match.ts'

/** One way to go through the inputs. */
export interface Look {
  /** What of them becomes an entry; the rest is passed over, and counted. */
  options: Pick<ReadOptions, 'sought' | 'lastWords' | 'glance'>
  /** Signals and facts that need what was passed over beside them: where one is found, this look was not enough. */
  decisive: ReadonlySet<string>
}

/**
 * Most logs hold no incident. So the first look is only for what an incident cannot do without, each rule's decisive event, and for what
 * coverage is told from; the thousands of lines about units' comings and goings are passed over, and journals are read by their index. Where
 * something decisive is found, the second look reads every line that any signal may be in. Both give the report that reading every line
 * gives: test/scan/same.test.ts, test/incidents/glancer.test.ts.
 */
export async function looksAt(
  { signals }: Grammar,
  matcher: Matcher,
  rules: readonly Rule[],
  paths: readonly string[],
  options: ReadOptions & { plain?: boolean },
): Promise<Look[]> {
  const { since = null, until = null, host, hosts, plain, deleted } = options
  // A line's time and host decide whether it is wanted: then each must be read.
  if (plain || since !== null || until !== null || host !== undefined || hosts !== undefined) return [look({})]
  const every = look({ sought: matcher.sought(new Set(signals.map(({ name }) => name))) })
  const sought = giveaways(signals, rules)
  // Unallocated space is searched once.
  if (!sought || deleted || !(await canBeReadTwice(paths, options))) return [every]
  // Last words are asked for by rules, which speak where something decisive was found.
  const first = { sought: soughtFirst(matcher, sought), lastWords: false, glance: glancer(signals, sought) }
  return [look(first, sought.decisive), every]
}

function look(options: Look['options'], decisive: Look['decisive'] = new Set()): Look {
  return { options, decisive }
}

function soughtFirst(matcher: Matcher, { decisive, telling }: Giveaways): Sought {
  const wanted = new Set([...decisive, ...telling])
  if (decisive.has(UNIT_ENDS)) return matcher.sought(wanted)
  const ofMounts = new Set(wanted.delete(UNIT_ENDS) ? [UNIT_ENDS] : [])
  return matcher.sought(wanted, ofMounts)
}

/** What comes through standard input is kept for a second look (src/bytes/kept.ts); any other pipe gives its bytes once. */
async function canBeReadTwice(paths: readonly string[], { root, image = [] }: ReadOptions): Promise<boolean> {
  const all = [...(root === undefined ? [] : [root]), ...image, ...paths]
  const twice = await Promise.all(
    all.map(async path => path === '-' || (await sizeOf(path)) !== null || (await isDirectory(path))),
  )
  return twice.every(Boolean)
}
