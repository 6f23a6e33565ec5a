/** Why a file's index does not tell all that reading it would. Never leaves this folder: the file is read whole then. */
export class Doubt extends Error {}

export function doubt(why: string): never {
  throw new Doubt(why)
}
