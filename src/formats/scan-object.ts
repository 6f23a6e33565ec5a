import type { Feed } from '../bytes/feed.ts'

/** An object larger than this is no log record. */
const MAX_OBJECT = 4 << 20

const QUOTE = 34
const BACKSLASH = 92
const OPEN = 123
const CLOSE = 125
const LF = 10

/**
 * The bytes of the JSON object that begins at the feed's place, over any number of lines; null where its end has not arrived, and
 * `broken` where it can have none: a line end inside a text, or too much of it.
 */
export function scanObject(feed: Feed): { length: number; text: string } | 'broken' | null {
  const bytes = feed.rest()
  let depth = 0
  let inText = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (inText) {
      if (byte === BACKSLASH) at++
      else if (byte === QUOTE) inText = false
      else if (byte === LF) return 'broken'
    } else if (byte === QUOTE) inText = true
    else if (byte === OPEN) depth++
    else if (byte === CLOSE && --depth === 0) return { length: at + 1, text: bytes.toString('utf8', 0, at + 1) }
    if (at > MAX_OBJECT) return 'broken'
  }
  return feed.final ? 'broken' : null
}
