import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Grouping, isMixed, type Placed } from '../../src/fleet/find/group.ts'
import { hostFrom } from '../../src/fleet/find/host-from.ts'
import { nameOfPlace } from '../../src/fleet/find/name.ts'
import { type Voice, Voices } from '../../src/fleet/find/voices.ts'

test.each([
  ['vm-web-07.ndjson', 'vm-web-07'],
  ['vm-web-07.log.2.gz', 'vm-web-07'],
  ['web.example.com.export.zst', 'web.example.com'],
  ['remote-10.0.0.7.journal', '10.0.0.7'],
  ['remote-vm-web-07@0005f1-00ab.journal', 'vm-web-07'],
  ['date=2026-03-02/host=vm-web-07/part-0001.json.gz', 'vm-web-07'],
  ['host=a%2Fb/x.log', 'a/b'],
  ['web07/messages', 'web07'],
  ['web07/2026/03/02.log', 'web07'],
  ['2026-03-02/web07/syslog.1', 'web07'],
  ['sosreport-web07.tar.xz', 'web07'],
  ['sosreport-web-07-2026-05-03-kqzvbar.tar.xz', 'web-07'],
  ['sosreport-web-07-2026-05-03-kqzvbar', 'web-07'],
])('%s is the log of %s', (path, host) => {
  expect(nameOfPlace(path.split('/'))).toBe(host)
})

interface Log extends Placed {
  path: string
}

const log = (path: string, place: string, ...voices: Voice[]): Log => ({ path, place, named: null, voices })
const voice = (host: string, machineId: string | null = null, boot: string | null = null): Voice => ({ host, machineId, boot })
const sets = (logs: Log[]): string[][] => {
  const grouping = new Grouping()
  for (const each of logs) grouping.add(each)
  const byRoot = new Map<number, string[]>()
  for (const [index, root] of [...grouping.roots()].entries())
    byRoot.set(root, [...(byRoot.get(root) ?? []), logs[index]?.path ?? ''].sort())
  return [...byRoot.values()].sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1))
}

describe('logs belong together', () => {
  test('by name and machine id, not by one of them alone', () => {
    expect(
      sets([
        log('1', '', voice('a', 'm')),
        log('2', '', voice('a', 'n')),
        log('3', '', voice('b', 'm')),
        log('4', '', voice('a', 'm')),
      ]),
    ).toEqual([['1', '4'], ['2'], ['3']])
  })

  test('by boot, whatever the host called itself in it', () => {
    expect(sets([log('1', '', voice('', 'm', 'boot')), log('2', '', voice('a', 'm', 'boot'))])).toEqual([['1', '2']])
  })

  test('a text log has a name alone, and goes with the journals of that name', () => {
    expect(sets([log('1', 'a'), log('2', '', voice('a', 'm')), log('3', '', voice('a')), log('4', 'b')])).toEqual([
      ['1', '2', '3'],
      ['4'],
    ])
  })

  test('streams of many hosts drag each other in', () => {
    const streams = [
      log('1', '', voice('a', 'm'), voice('b', 'n')),
      log('2', '', voice('c', 'o'), voice('b', 'n')),
      log('3', '', voice('c', 'o')),
    ]
    expect(streams.map(isMixed)).toEqual([true, true, false])
    expect(sets(streams)).toEqual([['1', '2', '3']])
  })

  test('however many they are', () => {
    const many = Array.from({ length: 5000 }, (_, index) => {
      const host = `h${index % 2500}`
      return log(String(index), '', voice(host, `m${index % 2500}`, `b${index}`))
    })
    const found = sets(many)
    expect(found).toHaveLength(2500)
    expect(found.every(([one, other]) => Math.abs(Number(one) - Number(other)) === 2500)).toBe(true)
  })

  test('each log lies in one group, and the order in which they are found does not matter', () => {
    const name = fc.constantFrom('', 'a', 'b', 'c')
    const id = fc.constantFrom(null, 'm', 'n', 'o')
    const voices = fc.array(fc.record({ host: name, machineId: id, boot: id }), { maxLength: 3 })
    fc.assert(
      fc.property(fc.array(voices, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (all, picks) => {
        const logs = all.map((heard, index) => log(String(index).padStart(2, '0'), `place-${index % 4}`, ...heard))
        const once = sets(logs)
        expect(once.flat().sort()).toEqual(logs.map(({ path }) => path))
        const shuffled = [...logs]
        for (let i = shuffled.length - 1; i > 0; i--) {
          const j = (picks.next().value ?? 0) % (i + 1)
          const [one, other] = [shuffled[i], shuffled[j]]
          if (one && other) [shuffled[i], shuffled[j]] = [other, one]
        }
        expect(sets(shuffled)).toEqual(once)
      }),
    )
  })
})

describe('who speaks in a log', () => {
  const line = (host: string, boot: string, message: string): string =>
    `{"_HOSTNAME":"${host}","_MACHINE_ID":"m-${host}","_BOOT_ID":"${boot}","MESSAGE":"${message}","__REALTIME_TIMESTAMP":"1772418641203950"}`

  test('is heard once, in whatever pieces the log comes, and not from broken lines', () => {
    const text = [
      '{"_HOSTNAME":"torn","_MACHINE_ID":"m-torn","_BOOT_ID":"b9","MESS',
      line('a', 'b1', 'one'),
      line('a', 'b1', 'says \\"_HOSTNAME\\":\\"c\\"'),
      line('localhost', 'b2', 'early'),
      '',
      line('b', 'b2', 'two'),
      line('a', 'b1', 'three'),
    ].join('\n')
    fc.assert(
      fc.property(fc.integer({ min: 1, max: text.length }), size => {
        const voices = new Voices('log')
        const bytes = Buffer.from(`${text}\n`)
        for (let at = 0; at < bytes.length; at += size) voices.hear(bytes.subarray(at, at + size))
        expect(voices.all()).toEqual([voice('a', 'm-a', 'b1'), voice('', 'm-localhost', 'b2'), voice('b', 'm-b', 'b2')])
      }),
    )
  })
})

describe('--host-from', () => {
  test('wants an expression with a group, or a field', () => {
    expect(hostFrom('field:node')).toEqual({ kind: 'field', name: 'node' })
    expect(hostFrom('path:/([^/]+)/messages$')).toMatchObject({ kind: 'path' })
    for (const wrong of ['node', 'path:', 'path:/messages$', 'path:(', 'file:x']) expect(() => hostFrom(wrong)).toThrow()
  })
})
