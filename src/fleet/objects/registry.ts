import { UsageError } from '../../problems/problem.ts'
import { azure } from './azure.ts'
import { google } from './google.ts'
import { s3 } from './s3.ts'
import type { ObjectStore, Place, Provider } from './store.ts'

const providers: readonly Provider[] = [s3, azure, google]

/** Whether this names no file of this machine. */
export function isUrl(path: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(path)
}

export interface OpenPlace extends Place {
  store: ObjectStore
}

/** A client signs in once, whatever it reads then. */
const open = new Map<string, Promise<ObjectStore>>()

/** What a URL names. @throws UsageError where nothing here reads it. */
export async function openPlace(url: string): Promise<OpenPlace> {
  for (const provider of providers) {
    const place = provider.place(url)
    if (!place) continue
    const key = `${place.key}\0${place.bucket}`
    const store = open.get(key) ?? provider.open(place)
    open.set(key, store)
    return { ...place, store: await store }
  }
  throw new UsageError(`${url}: is no place that is known here; it is ${providers.map(({ urls }) => urls).join(', ')}`)
}
