import { InputError } from '../problems/problem.ts'

/** Standard input, or a stream that stands in for it, as buffers. */
export async function* streamChunks(stream: NodeJS.ReadableStream): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk)
  } catch (error) {
    throw new InputError(`standard input: ${error instanceof Error ? error.message : String(error)}`)
  }
}
