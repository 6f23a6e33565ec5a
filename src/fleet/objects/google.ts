import type { GetFilesOptions, GetFilesResponse } from '@google-cloud/storage'
import { loaded } from './client.ts'
import type { Place, Provider } from './store.ts'

/** Google Cloud Storage. */
export const google: Provider = {
  urls: 'gs://BUCKET/PREFIX',
  place(url) {
    const [, bucket, name = ''] = /^gs:\/\/([^/]+)\/?(.*)$/s.exec(url) ?? []
    return bucket ? { key: 'gs', bucket, name, urlOf: other => `gs://${bucket}/${other}` } : null
  },
  async open({ bucket: name }: Place) {
    const { Storage } = await loaded('gs://', '@google-cloud/storage@7', () => import('@google-cloud/storage'))
    const bucket = new Storage().bucket(name)
    return {
      async *list(prefix) {
        for (let query: GetFilesOptions | null = { prefix, autoPaginate: false, maxResults: 1000 }; query; ) {
          const [files, next]: GetFilesResponse = await bucket.getFiles(query)
          for (const { name, metadata } of files) {
            const { size = 0, generation = '', md5Hash, updated = '' } = metadata
            yield {
              name,
              size: Number(size),
              version: String(generation),
              // The server's own; objects that were composed have none.
              md5: md5Hash ? Buffer.from(md5Hash, 'base64').toString('hex') : null,
              modified: Date.parse(updated) || 0,
            }
          }
          query = next
        }
      },
      async read(object, generation, from, to) {
        // As it lies there: what is packed, our own reader unpacks, and tells where it is damaged.
        const whole = from === 0 && to === null
        const range = whole ? {} : { start: from, ...(to === null ? {} : { end: to - 1 }) }
        return bucket.file(object, { generation }).createReadStream({ decompress: false, ...range })
      },
    }
  },
}
