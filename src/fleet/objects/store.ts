import type { Readable } from 'node:stream'

/** A bucket or container, as far as a fleet's logs are concerned: it is listed and read. One provider a file, listed in registry.ts. */
export interface ObjectStore {
  /** All whose names begin so, in the order of names; a page is asked for when the one before it was used up. */
  list(prefix: string): AsyncIterable<Listed>
  /** Bytes `from` up to, not including, `to` (null: the end) of just that version; another one is refused by the store. */
  read(name: string, version: string, from: number, to: number | null): Promise<Readable>
}

/** An object as its store lists it. */
export interface Listed {
  name: string
  size: number
  /** What every write changes: ETag or generation. */
  version: string
  /** MD5 of its bytes in hexadecimal digits, where the store vouches for it. */
  md5: string | null
  /** ms since the epoch. */
  modified: number
}

/** Where something lies in a store. */
export interface Place {
  /** What is open once is used for all places of this key. */
  key: string
  /** Of the bucket or container. */
  bucket: string
  /** An object's name, a folder's, or a pattern of such. */
  name: string
  /** The place of another name in the same bucket, as a URL. */
  urlOf(name: string): string
}

export interface Provider {
  /** For messages: the URLs that are its own. */
  urls: string
  /** Null: the URL is another's. @throws UsageError where it is its own and wrong. */
  place(url: string): Place | null
  /** Loads the provider's own client. @throws UsageError where that is not installed. */
  open(place: Place): Promise<ObjectStore>
}
