import { Readable } from 'node:stream'
import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { type Manner, objectChunks } from '../../../src/fleet/objects/object.ts'
import type { ObjectStore } from '../../../src/fleet/objects/store.ts'

/** A store whose answers end as they are told to: `give` says after how many bytes an answer breaks off; null: it is whole. */
function breaking(bytes: Buffer, give: () => number | null, fault: () => unknown = () => new Error('aborted')): ObjectStore {
  return {
    list: async function* () {},
    read: async (_, __, from, to) => {
      const part = bytes.subarray(from, to ?? bytes.length)
      const most = give()
      async function* answer() {
        yield* [part.subarray(0, most ?? part.length)].filter(({ length }) => length > 0)
        if (most !== null && most < part.length) throw fault()
      }
      return Readable.from(answer(), { objectMode: false })
    },
  }
}

async function read(store: ObjectStore, size: number, blocks: boolean) {
  const failures: string[] = []
  const manner: Manner = { failed: reason => failures.push(reason), blocks }
  const facts = { size, version: '1', modified: 0 }
  const place = { key: '', bucket: 'b', name: 'o', urlOf: (name: string) => `s3://b/${name}`, store }
  const parts: Buffer[] = []
  let error = ''
  try {
    for await (const part of objectChunks(place, 's3://b/o', facts, manner)) parts.push(part)
  } catch (thrown) {
    error = (thrown as Error).message // it throws InputErrors
  }
  return { bytes: Buffer.concat(parts), error, failures }
}

afterEach(() => void vi.useRealTimers())

test('wherever answers break off, the bytes are those of the object, each once', async () => {
  const size = fc.integer({ min: 0, max: 3000 })
  const cuts = fc.array(fc.option(fc.integer({ min: 1, max: 1000 })), { maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(size, cuts, async (length, breaks) => {
      const bytes = Buffer.from(Array.from({ length }, (_, n) => (n * 7 + (n >> 8)) & 0xff))
      const left = [...breaks]
      const got = await read(
        breaking(bytes, () => left.shift() ?? null),
        length,
        false,
      )
      expect(got).toMatchObject({ error: '', failures: [] })
      expect(got.bytes.equals(bytes)).toBe(true)
    }),
    { numRuns: 1000 },
  )
})

test('in blocks as well', async () => {
  const bytes = Buffer.alloc(5_000_000, 'abcdefg')
  expect(
    (
      await read(
        breaking(bytes, () => null),
        bytes.length,
        true,
      )
    ).bytes.equals(bytes),
  ).toBe(true)
})

test.each([
  ['refused', { $metadata: { httpStatusCode: 403 } }, 'access is denied'],
  ['written over', { statusCode: 412 }, 'changed since the fleet was planned; run again for what it holds now'],
  [
    'in cold storage',
    { name: 'InvalidObjectState', $metadata: { httpStatusCode: 403 } },
    'lies in cold storage: restore it first',
  ],
])('what is %s is not asked for again: its beginning is there, and the reason', async (_, fault, reason) => {
  let asked = 0
  const got = await read(
    breaking(
      Buffer.alloc(100),
      () => {
        asked++
        return 40
      },
      () => Object.assign(new Error('no'), fault),
    ),
    100,
    false,
  )
  expect([got.bytes.length, got.error, got.failures, asked]).toEqual([40, `s3://b/o: ${reason}`, [reason], 1])
})

test.each([
  ['without a byte', breaking(Buffer.alloc(100), () => 0), 'aborted'],
  ['shorter than the object', breaking(Buffer.alloc(40), () => null), 'ends after 40 of its 100 bytes'],
  ['that never come', { list: async function* () {}, read: async () => new Readable({ read() {} }) }, 'no byte came for 20 s'],
])('answers %s are given up in the end', async (_, store, reason) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const reading = read(store, 100, false)
  await vi.advanceTimersByTimeAsync(120_000)
  expect(await reading).toMatchObject({ error: `s3://b/o: ${reason}`, failures: [reason] })
})
