/** Objects: list and get (Cloud Storage JSON API). */
import { crc32c } from '../../../src/bytes/crc32c.ts'
import { type Protocol, rangeOf, type Stored } from './bucket.ts'

/** A generation that was written over is not there. */
const REFUSALS = {
  denied: [403, 'forbidden'],
  expired: [401, 'authError'],
  gone: [404, 'notFound'],
  changed: [404, 'notFound'],
} as const

/** Big-endian, in base64. */
function sum({ bytes }: Stored): string {
  const four = Buffer.alloc(4)
  four.writeUInt32BE((crc32c(0xffffffff, bytes) ^ 0xffffffff) >>> 0)
  return four.toString('base64')
}

export const google: Protocol = {
  name: 'google',
  url: 'gs://logs/',
  env: port => ({ STORAGE_EMULATOR_HOST: `http://127.0.0.1:${port}` }),
  asked({ url = '', headers }) {
    const { pathname, searchParams } = new URL(url, 'http://google')
    const [, name] = /\/b\/logs\/o(?:\/(.+))?$/s.exec(pathname) ?? []
    const range = rangeOf(headers.range)
    if (name)
      return { kind: 'read', name: decodeURIComponent(name), after: '', version: searchParams.get('generation'), ...range }
    return {
      kind: 'list',
      name: searchParams.get('prefix') ?? '',
      after: searchParams.get('pageToken') ?? '',
      version: null,
      ...range,
    }
  },
  version: ({ generation }) => String(generation),
  list: (objects, next) =>
    JSON.stringify({
      kind: 'storage#objects',
      ...(next !== null && { nextPageToken: next }),
      items: objects.map(({ name, bytes, generation, md5, modified }) => ({
        name,
        size: String(bytes.length),
        generation: String(generation),
        md5Hash: Buffer.from(md5, 'hex').toString('base64'),
        updated: modified.toISOString(),
      })),
    }),
  headers: object => ({
    'x-goog-hash': `crc32c=${sum(object)},md5=${Buffer.from(object.md5, 'hex').toString('base64')}`,
    'x-goog-generation': String(object.generation),
    // With it, the client checks the sums.
    'x-goog-stored-content-encoding': object.name.endsWith('.gz') ? 'gzip' : 'identity',
  }),
  refusal(what) {
    const [status, reason] = REFUSALS[what]
    const body = JSON.stringify({ error: { code: status, message: 'no', errors: [{ reason, message: 'no' }] } })
    return { status, headers: { 'content-type': 'application/json' }, body }
  },
}
