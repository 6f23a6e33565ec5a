/** Streams taken apart: no record is lost, each lies in its host's part, in order, and its place in the stream is known. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withHead } from '../../../src/bytes/open.ts'
import { Parts } from '../../../src/fleet/stream/parts.ts'
import { rawRecords } from '../../../src/fleet/stream/records.ts'

const COUNT = 3
const HOSTS = ['a', 'b', 'c', 'd', 'é']
const partOf = (host: string): number => HOSTS.indexOf(host) % COUNT

async function* chunked(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function takenApart(logs: readonly string[], size: number): Promise<Parts> {
  const parts = new Parts(COUNT)
  for (const text of logs) {
    const headed = await withHead(chunked(text, size), 16)
    let part = 0
    for await (const raw of rawRecords(headed, 'log', null)) {
      if (raw.host !== null) part = partOf(raw.host)
      parts.add(part, raw)
    }
    parts.nextLog()
  }
  return parts
}

const stamp = (index: number): string => `2026-05-03T02:00:${String(index % 60).padStart(2, '0')}.000000+00:00`
const json = (host: string, index: number, message: string): string =>
  JSON.stringify({
    __REALTIME_TIMESTAMP: String(1.7e15 + index),
    _HOSTNAME: host,
    _BOOT_ID: `b${host}`,
    MESSAGE: `${index} ${message}`,
  })
/** Without quotes: a syslog line that looks like torn JSON is read as that. */
const syslog = (host: string, index: number, message: string): string =>
  `${stamp(index)} ${host.replace('é', 'd')} app[7]: ${index} ${message.replaceAll('"', '')}`
const message = fc.oneof(
  fc.constantFrom('short', 'says "_HOSTNAME":"a"', 'x'.repeat(20_000)),
  fc.string({ unit: fc.constantFrom('w', ' ', 'é', '"', '\\') }),
)
const log = fc.record({
  line: fc.constantFrom(json, syslog),
  entries: fc.array(fc.tuple(fc.constantFrom(...HOSTS), message), { minLength: 1, maxLength: 150 }),
})

test('each record lies in its host’s part, in order, and tells its place', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(log, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 5000 }), async (logs, size) => {
      const lines = logs.map(({ line, entries }) =>
        entries.map(([host, text], index) => ({
          host: line === syslog && host === 'é' ? 'd' : host,
          text: line(host, index, text),
        })),
      )
      const texts = lines.map(each => each.map(({ text }) => `${text}\n`).join(''))
      const parts = await takenApart(texts, Math.max(size, Math.ceil(Math.max(...texts.map(text => text.length)) / 300)))
      for (let part = 0; part < COUNT; part++) {
        const pieces = new Map(parts.piecesOf(part).map(piece => [piece.log, piece]))
        lines.forEach((each, index) => {
          const own = each.flatMap(({ host, text }, at) => (partOf(host) === part ? [{ text, line: at + 1 }] : []))
          const piece = pieces.get(index)
          const held = piece ? Buffer.concat([...piece.chunks()]).toString() : ''
          expect(held).toBe(own.map(({ text }) => `${text}\n`).join(''))
          let offset = 0
          own.forEach(({ text, line }, at) => {
            const place = piece?.placeOf({ line: at + 1, offset })
            const before = Buffer.byteLength(
              `${each
                .slice(0, line - 1)
                .map(({ text }) => text)
                .join('\n')}${line > 1 ? '\n' : ''}`,
            )
            expect(place).toEqual({ line, offset: before })
            offset += Buffer.byteLength(`${text}\n`)
          })
        })
      }
      parts.close()
    }),
    { numRuns: 60 },
  )
})

test('what stands before the first record, between two, and at a torn end goes with the record before', async () => {
  const text = `-- Boot 0123 --\n${syslog('a', 1, 'one')}\n\tcontinued\n${syslog('b', 2, 'two')}\nwithout a stamp\n${syslog('c', 3, 'three')}`
  const parts = await takenApart([text], 7)
  const held = [0, 1, 2].map(part =>
    parts
      .piecesOf(part)
      .flatMap(piece => [...piece.chunks()])
      .map(String)
      .join(''),
  )
  expect(held).toEqual([
    `-- Boot 0123 --\n${syslog('a', 1, 'one')}\n\tcontinued\n`,
    `${syslog('b', 2, 'two')}\nwithout a stamp\n`,
    syslog('c', 3, 'three'),
  ])
  expect(parts.piecesOf(0)[0]?.placeOf({ line: 3 })).toEqual({ line: 3 })
  parts.close()
})
