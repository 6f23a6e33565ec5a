/** ListObjectsV2 and GetObject (Amazon S3 API Reference), addressed by path. */
import { type Protocol, rangeOf } from './bucket.ts'

const REFUSALS = {
  denied: [403, 'AccessDenied'],
  expired: [400, 'ExpiredToken'],
  gone: [404, 'NoSuchKey'],
  changed: [412, 'PreconditionFailed'],
} as const
const form = (name: string): string => encodeURIComponent(name).replaceAll('%20', '+').replaceAll('%2F', '/')

export const s3: Protocol = {
  name: 's3',
  url: 's3://logs/',
  env: port => ({
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_REGION: 'eu-north-1',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
  }),
  asked({ url = '', headers }) {
    const { pathname, searchParams } = new URL(url, 'http://s3')
    const [, name = ''] = /^\/logs\/?(.*)$/s.exec(decodeURIComponent(pathname)) ?? []
    const range = rangeOf(headers.range)
    if (searchParams.get('list-type') !== '2')
      return { kind: 'read', name, after: '', version: headers['if-match'] ?? null, ...range }
    const after = searchParams.get('continuation-token') ?? ''
    return { kind: 'list', name: searchParams.get('prefix') ?? '', after, version: null, ...range }
  },
  version: ({ md5 }) => `"${md5}"`,
  list(objects, next) {
    const contents = objects.map(
      ({ name, bytes, md5, modified }) =>
        `<Contents><Key>${form(name)}</Key><LastModified>${modified.toISOString()}</LastModified>` +
        `<ETag>&quot;${md5}&quot;</ETag><Size>${bytes.length}</Size></Contents>`,
    )
    const more = next === null ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`
    return `<?xml version="1.0"?><ListBucketResult><EncodingType>url</EncodingType><IsTruncated>${next !== null}</IsTruncated>${more}${contents.join('')}</ListBucketResult>`
  },
  headers: ({ md5 }) => ({ etag: `"${md5}"`, 'accept-ranges': 'bytes' }),
  refusal(what) {
    const [status, code] = REFUSALS[what]
    return { status, body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>` }
  },
}
