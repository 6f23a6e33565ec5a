import { ReadableStream } from 'node:stream/web'
import type { Chunks } from './container.ts'
import { begins, packed } from './packed.ts'

/** xz, one stream or several, with padding between. */
export const xz = packed({
  name: 'xz',
  about: 'xz, one stream or several',
  sniff: head => begins(head, 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0),
  tool: ['xz', '-dcq'],
  library,
})

async function* library(chunks: Chunks): AsyncGenerator<Buffer, boolean> {
  const { XzReadableStream } = (await import('xz-decompress')).default
  let trouble: unknown = null
  const source = chunks[Symbol.asyncIterator]()
  const stored = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await source.next()
        if (next.done) controller.close()
        else controller.enqueue(next.value)
      } catch (error) {
        trouble = error
        controller.close()
      }
    },
  })
  try {
    for await (const text of new XzReadableStream(stored)) yield Buffer.from(text)
  } catch {
    return false
  } finally {
    await source.return?.()
  }
  if (trouble !== null) throw trouble
  return true
}
