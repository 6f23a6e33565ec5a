import type { Site } from './site.ts'

/** A machine whose files were found, for what they tell beside its logs. */
export interface Machine {
  host: string | null
}

export function machineAt({ host }: Site): Machine {
  return { host }
}
