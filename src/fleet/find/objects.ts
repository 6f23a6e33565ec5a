import { InputError } from '../../problems/problem.ts'
import { storeReason } from '../objects/reason.ts'
import { type OpenPlace, openPlace } from '../objects/registry.ts'
import type { Listed } from '../objects/store.ts'
import type { FoundObject, Unread } from './files.ts'

/**
 * Objects below a URL, as files below a path: `s3://b/logs` is the object of that name, or all in the folder of that name, and not
 * `logs-old/…`; `*` and `?` stand for what they stand for in paths. Listed page by page, as far as they are asked for.
 */
export async function* objectsIn(url: string): AsyncGenerator<FoundObject | Unread> {
  const place = await openPlace(url)
  const pattern = place.name.replace(/\/+$/, '')
  const inside = below(pattern)
  let seen = 0
  try {
    for await (const object of listed(place, pattern)) {
      seen++
      const parts = inside(object.name)
      // A folder that somebody made in a console is an empty object whose name ends so.
      if (parts && !object.name.endsWith('/'))
        yield { kind: 'object', path: place.urlOf(object.name), below: parts, ...factsOf(place, object) }
    }
  } catch (error) {
    const reason = storeReason(error)
    // Half a list would look like fewer hosts, and hosts with half of their logs.
    if (seen > 0)
      throw new InputError(`${url}: the list broke off after ${seen} objects (${reason}): nothing was planned, run again`)
    yield { kind: 'unread', path: url, below: [pattern.split('/').at(-1) || place.bucket], reason }
  }
}

/** What is asked of the store is the folder alone: more than that a policy may deny, and beside it may lie millions. */
async function* listed({ store, name }: OpenPlace, pattern: string): AsyncGenerator<Listed> {
  const whole = pattern === '' || /[*?]/.test(pattern)
  let any = false
  for await (const object of store.list(whole ? fixed(pattern) : `${pattern}/`)) {
    any = true
    yield object
  }
  if (any || whole || name.endsWith('/')) return
  // An object of that very name comes before all that merely begin so.
  for await (const object of store.list(pattern)) {
    yield object
    return
  }
}

/** Two objects with one hash hold the same bytes; where the store vouches for none, an object is the same only at its own place. */
function factsOf(place: OpenPlace, { name, size, version, md5, modified }: Listed) {
  const content = md5 === null ? `version ${version} of ${place.urlOf(name)}, ${size} bytes` : `md5 ${md5}, ${size} bytes`
  return { size, version, modified, content }
}

/** What of a pattern all matching names begin with. */
function fixed(pattern: string): string {
  return pattern.replace(/[*?].*$/s, '')
}

/** What of an object's name lies below the pattern: of one that it names, the name; null: it does not match. */
function below(pattern: string): (name: string) => string[] | null {
  if (pattern === '') return name => name.split('/')
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '[^/]*')
    .replace(/\?/g, '[^/]')
  const matching = new RegExp(`^${source}(?:/(.+))?$`, 's')
  return name => {
    const found = matching.exec(name)
    return found && (found[1] ?? name.slice(name.lastIndexOf('/') + 1)).split('/')
  }
}
