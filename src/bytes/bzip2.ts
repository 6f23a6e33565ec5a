import type { Chunks } from './container.ts'
import { begins, packed } from './packed.ts'

/** bzip2, one stream or several. */
export const bzip2 = packed({
  name: 'bzip2',
  about: 'bzip2, one stream or several',
  sniff: head => begins(head, 0x42, 0x5a, 0x68) && (head[3] ?? 0) >= 0x31 && (head[3] ?? 0) <= 0x39,
  tool: ['bzip2', '-dcq'],
  library,
})

/** The library decodes within `write` and `end`, block by block. */
async function* library(chunks: Chunks): AsyncGenerator<Buffer, boolean> {
  const decoder = (await import('unbzip2-stream')).default()
  let texts: Buffer[] = []
  let whole = true
  decoder.on('data', text => texts.push(text))
  decoder.on('error', () => {
    whole = false
  })
  for await (const chunk of chunks) {
    decoder.write(chunk)
    yield* texts
    texts = []
    if (!whole) return false
  }
  decoder.end()
  yield* texts
  return whole
}
