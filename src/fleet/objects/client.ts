import { UsageError } from '../../problems/problem.ts'

/** The providers' clients are 10 to 70 MB each, so npm installs none of them beside inquest: whoever has a bucket installs its own. */
export async function loaded<T>(urls: string, packages: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error // what import() throws
    throw new UsageError(`${urls} is read with the provider's own client, which is not installed here: npm install ${packages}`)
  }
}
