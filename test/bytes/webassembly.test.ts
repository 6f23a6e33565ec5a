import { expect, test } from 'vitest'
import { compiled, instantiated } from '../../src/bytes/webassembly.ts'
import walks from '../../src/scan/walks.json' with { type: 'json' }

test('what the build wrote can be compiled, and each instance has its own memory', () => {
  const module = compiled(walks.wasm)
  const [one, other] = module ? [instantiated(module), instantiated(module)] : []
  expect(one).toHaveProperty('memory')
  expect((one as { memory: object }).memory).not.toBe((other as { memory: object }).memory)
})

test('what is no module is none, and what asks for imports that are not there has no instance', () => {
  expect(compiled('AAAA')).toBeNull()
  // (module (import "a" "f" (func))): WebAssembly core specification, 5.5.
  const asking = compiled(Buffer.from('0061736d01000000010401600000020701016101660000', 'hex').toString('base64'))
  expect(asking).not.toBeNull()
  expect(asking && instantiated(asking)).toBeNull()
})
