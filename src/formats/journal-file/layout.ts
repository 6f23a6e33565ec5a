import type { JournalFile } from './file.ts'
import { long } from './header.ts'
import { DATA, mayBeObject } from './object.ts'

/** Data objects that are asked. */
const ENOUGH = 64
const NAME = /^[A-Z_][A-Z0-9_]{0,63}=/

/**
 * Which layout a file has, told by its data objects, for a header may be gone or its flag flipped: behind the head comes the name of a
 * field, at byte 64 in the regular layout, at byte 72 in the compact one.
 */
export function settleLayout(file: JournalFile): void {
  const { pages } = file
  let regular = 0
  let compact = 0
  for (let at = file.begin; at + 16 <= file.size && regular + compact < ENOUGH; ) {
    if (!pages.at(at, 16) || !mayBeObject(pages.bytes, pages.pos, file.size - at)) {
      at += 8
      continue
    }
    const size = long(pages.bytes, pages.pos + 8)
    if (pages.bytes[pages.pos] === DATA && pages.bytes[pages.pos + 1] === 0 && pages.at(at, Math.min(size, 160))) {
      const { bytes, pos } = pages
      const end = pos + Math.min(size, 160)
      if (NAME.test(bytes.toString('latin1', pos + 64, end))) regular++
      else if (NAME.test(bytes.toString('latin1', pos + 72, end))) compact++
    }
    at += Math.ceil(size / 8) * 8
  }
  if (regular !== compact) file.compact = compact > regular
}
