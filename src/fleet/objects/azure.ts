import type { Readable } from 'node:stream'
import type { BlobServiceClient } from '@azure/storage-blob'
import { UsageError } from '../../problems/problem.ts'
import { loaded } from './client.ts'
import type { Place, Provider } from './store.ts'

/** An account's address, and a container below it; sovereign clouds have other domains. */
const HTTPS = /^(https:\/\/[a-z0-9-]+\.blob\.[a-z0-9.-]+)\/([^/?#]+)\/?([^?#]*)(\?.*)?$/s

/** Azure Blob. The account is that of the address, or where only the container is named (az://) that of the environment. */
export const azure: Provider = {
  urls: 'az://CONTAINER/PREFIX or https://ACCOUNT.blob.core.windows.net/CONTAINER/PREFIX',
  place(url) {
    const [, container, rest = ''] = /^az:\/\/([^/]+)\/?(.*)$/s.exec(url) ?? []
    if (container) return { key: 'az', bucket: container, name: rest, urlOf: name => `az://${container}/${name}` }
    const [, account, bucket, path = '', query] = HTTPS.exec(url) ?? []
    if (!account || !bucket) return null
    if (query) {
      const without = url.slice(0, -query.length)
      throw new UsageError(
        `${without}: what follows the ? would be kept in the store; put a SAS token into AZURE_STORAGE_SAS_TOKEN`,
      )
    }
    const urlOf = (name: string): string => `${account}/${bucket}/${name.split('/').map(encodeURIComponent).join('/')}`
    return { key: account, bucket, name: decoded(path, url), urlOf }
  },
  async open(place: Place) {
    const container = (await service(place)).getContainerClient(place.bucket)
    return {
      async *list(prefix) {
        for await (const { segment } of container.listBlobsFlat({ prefix, includeMetadata: true }).byPage()) {
          for (const { name, properties, metadata } of segment.blobItems) {
            // A folder of an account with a hierarchical namespace is a blob as well.
            if (metadata?.hdi_isfolder === 'true') continue
            const { contentLength = 0, etag, lastModified } = properties
            // Content-MD5 is what its writer says of it: an append leaves it as it was.
            yield { name, size: contentLength, version: etag, md5: null, modified: lastModified.getTime() }
          }
        }
      },
      async read(name, version, from, to) {
        const ifMatch = version.startsWith('"') ? version : `"${version}"`
        const answer = await container
          .getBlobClient(name)
          .download(from, to === null ? undefined : to - from, { conditions: { ifMatch } })
        if (!answer.readableStreamBody) throw new Error('an answer without a body')
        return answer.readableStreamBody as Readable // its type is NodeJS.ReadableStream; in Node it is made by a Readable
      },
    }
  },
}

/** As the Azure command line takes them from the environment; without any, whoever this machine is signed in as. */
async function service({ key }: Place): Promise<BlobServiceClient> {
  const packages = '@azure/storage-blob@12 @azure/identity@4'
  const sdk = await loaded(azure.urls, packages, () => import('@azure/storage-blob'))
  const { AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_ACCOUNT, AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN } = process.env
  const named = key === 'az' ? null : key
  if (AZURE_STORAGE_CONNECTION_STRING) {
    const client = sdk.BlobServiceClient.fromConnectionString(AZURE_STORAGE_CONNECTION_STRING)
    if (named === null || client.url.startsWith(`${named}/`)) return client
  }
  if (named === null && !AZURE_STORAGE_ACCOUNT)
    throw new UsageError('az://CONTAINER needs the account: set AZURE_STORAGE_ACCOUNT (or AZURE_STORAGE_CONNECTION_STRING)')
  const address = named ?? `https://${AZURE_STORAGE_ACCOUNT}.blob.core.windows.net`
  const account = new URL(address).hostname.split('.')[0] ?? ''
  if (AZURE_STORAGE_KEY && account === AZURE_STORAGE_ACCOUNT)
    return new sdk.BlobServiceClient(address, new sdk.StorageSharedKeyCredential(account, AZURE_STORAGE_KEY))
  if (AZURE_STORAGE_SAS_TOKEN) return new sdk.BlobServiceClient(`${address}?${AZURE_STORAGE_SAS_TOKEN.replace(/^\?/, '')}`)
  const { DefaultAzureCredential } = await loaded(azure.urls, packages, () => import('@azure/identity'))
  return new sdk.BlobServiceClient(address, new DefaultAzureCredential())
}

function decoded(path: string, url: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw new UsageError(`${url}: a % in a URL is followed by two digits, %25 is one itself`)
  }
}
