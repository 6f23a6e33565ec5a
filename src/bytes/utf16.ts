import { TextDecoder } from 'node:util'
import type { Chunks, Container } from './container.ts'

/** UTF-16 with a byte order mark: what PowerShell's `>` makes of a log that ssh brought to Windows. */
export const utf16: Container = {
  name: 'utf16',
  about: 'UTF-16 text with a byte order mark, as PowerShell writes it',
  sniff: head => (head[0] === 0xff && head[1] === 0xfe && head[2] !== 0) || (head[0] === 0xfe && head[1] === 0xff),
  unpack,
}

async function* unpack(chunks: Chunks): Chunks {
  let decoder: TextDecoder | null = null
  for await (const chunk of chunks) {
    // Large first byte of the mark: big endian. The decoder eats the mark itself.
    decoder ??= new TextDecoder(chunk[0] === 0xfe ? 'utf-16be' : 'utf-16le')
    const text = decoder.decode(chunk, { stream: true })
    if (text !== '') yield Buffer.from(text)
  }
  const rest = decoder?.decode() ?? ''
  if (rest !== '') yield Buffer.from(rest)
}
