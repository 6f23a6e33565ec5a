import { Readable } from 'node:stream'
import type { _Object } from '@aws-sdk/client-s3'
import { loaded } from './client.ts'
import type { Listed, Place, Provider } from './store.ts'

/** S3, and what speaks its protocol (AWS_ENDPOINT_URL). Spark's name for it, s3a, is understood as well. */
export const s3: Provider = {
  urls: 's3://BUCKET/PREFIX',
  place(url) {
    const [, bucket, name = ''] = /^s3a?:\/\/([^/]+)\/?(.*)$/s.exec(url) ?? []
    return bucket ? { key: 's3', bucket, name, urlOf: other => `s3://${bucket}/${other}` } : null
  },
  async open({ bucket: Bucket }: Place) {
    // Which Node its later versions want is no news about the logs.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
    const sdk = await loaded('s3://', '@aws-sdk/client-s3@3', () => import('@aws-sdk/client-s3'))
    const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = process.env
    const client = new sdk.S3Client({
      followRegionRedirects: true,
      // Other makers' servers have no DNS name for each bucket.
      forcePathStyle: (AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL) !== undefined,
      requestHandler: { connectionTimeout: 10_000, requestTimeout: 60_000 },
    })
    return {
      async *list(Prefix) {
        for (let ContinuationToken: string | undefined, more = true; more; ) {
          const page = await client.send(
            new sdk.ListObjectsV2Command({
              Bucket,
              Prefix,
              EncodingType: 'url',
              ...(ContinuationToken && { ContinuationToken }),
            }),
          )
          for (const object of page.Contents ?? []) yield listed(object, page.EncodingType === 'url')
          ContinuationToken = page.NextContinuationToken
          more = page.IsTruncated === true
          if (more && !ContinuationToken) throw new Error('it says that there is more, and not where')
        }
      },
      async read(Key, IfMatch, from, to) {
        const Range = from > 0 || to !== null ? { Range: `bytes=${from}-${to === null ? '' : to - 1}` } : {}
        const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket, Key, IfMatch, ...Range }))
        if (!(Body instanceof Readable)) throw new Error('an answer without a body')
        return Body
      },
    }
  },
}

/** Names may hold what XML cannot: they come encoded as in a form, from servers that know how. */
function listed({ Key = '', Size = 0, ETag = '', LastModified }: _Object, encoded: boolean): Listed {
  const name = encoded ? decodeURIComponent(Key.replaceAll('+', ' ')) : Key
  return { name, size: Size, version: ETag, md5: md5Of(ETag), modified: LastModified?.getTime() ?? 0 }
}

/**
 * Of what was written in one piece the ETag is its MD5 (encrypted by KMS: another number of 128 bits, of this object alone). Of parts it is
 * not, and has a `-`. Some servers give all that they did not write themselves one ETag of zeros.
 */
function md5Of(etag: string): string | null {
  const digits = etag.replaceAll('"', '').toLowerCase()
  return /^[0-9a-f]{32}$/.test(digits) && !/^0+$/.test(digits) ? digits : null
}
