/** List Blobs and Get Blob (Azure Blob Storage REST API), the account in the path as emulators have it. */
import { type Protocol, rangeOf, type Stored, xml } from './bucket.ts'

const REFUSALS = {
  denied: [403, 'AuthorizationPermissionMismatch'],
  expired: [403, 'AuthenticationFailed'],
  gone: [404, 'BlobNotFound'],
  changed: [412, 'ConditionNotMet'],
} as const
const tag = ({ generation }: Stored): string => `0x${generation.toString(16).toUpperCase()}`

export const azure: Protocol = {
  name: 'azure',
  url: 'az://logs/',
  env: port => ({
    AZURE_STORAGE_CONNECTION_STRING: `DefaultEndpointsProtocol=http;AccountName=account;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:${port}/account;`,
  }),
  asked({ url = '', headers }) {
    const { pathname, searchParams } = new URL(url, 'http://azure')
    const [, name = ''] = /^\/account\/logs\/?(.*)$/s.exec(decodeURIComponent(pathname)) ?? []
    const range = rangeOf(headers['x-ms-range'] ?? headers.range)
    if (searchParams.get('comp') !== 'list')
      return { kind: 'read', name, after: '', version: headers['if-match'] ?? null, ...range }
    return {
      kind: 'list',
      name: searchParams.get('prefix') ?? '',
      after: searchParams.get('marker') ?? '',
      version: null,
      ...range,
    }
  },
  version: object => `"${tag(object)}"`,
  list(objects, next) {
    const blobs = objects.map(
      object =>
        `<Blob><Name>${xml(object.name)}</Name><Properties><Last-Modified>${object.modified.toUTCString()}</Last-Modified>` +
        `<Etag>${tag(object)}</Etag><Content-Length>${object.bytes.length}</Content-Length><BlobType>BlockBlob</BlobType></Properties></Blob>`,
    )
    return `<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="http://azure/" ContainerName="logs"><Blobs>${blobs.join('')}</Blobs><NextMarker>${xml(next ?? '')}</NextMarker></EnumerationResults>`
  },
  headers: object => ({ etag: `"${tag(object)}"`, 'x-ms-blob-type': 'BlockBlob', 'x-ms-version': '2025-05-05' }),
  refusal(what) {
    const [status, code] = REFUSALS[what]
    const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>no</Message></Error>`
    return { status, headers: { 'x-ms-error-code': code, 'content-type': 'application/xml' }, body }
  },
}
