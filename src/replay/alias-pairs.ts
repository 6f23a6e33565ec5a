import data from './data/alias-pairs.json' with { type: 'json' }

/** A unit that is known to declare aliases; see data/alias-pairs.json for the source of each. */
export interface AliasPair {
  unit: string
  aliases: readonly string[]
  description: string | null
  comm: string
  source: string
}

const pairs: readonly AliasPair[] = data.pairs
const byDescription = new Map<string, string>()
for (const { unit, description } of [...pairs, ...data.sockets]) if (description !== null) byDescription.set(description, unit)
const byUnit = new Map(pairs.map(pair => [pair.unit, pair]))

/** The unit that ships with this description, where it is one of the listed. */
export function unitDescribedAs(description: string): string | null {
  return byDescription.get(description) ?? null
}

/** Aliases that the unit commonly has; empty where none is known. */
export function knownAliases(unit: string): readonly string[] {
  return byUnit.get(unit)?.aliases ?? []
}

/** Units that commonly take this name as an alias. */
export function knownOwners(alias: string): readonly AliasPair[] {
  return pairs.filter(pair => pair.aliases.includes(alias))
}

/** The name under which the unit's daemon commonly runs and logs. */
export function knownComm(unit: string): string | null {
  return byUnit.get(unit)?.comm ?? null
}
