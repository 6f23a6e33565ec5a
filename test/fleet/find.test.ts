import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { grouped, type Placed } from '../../src/fleet/find/group.ts'
import { hostFrom } from '../../src/fleet/find/host-from.ts'
import type { Voice } from '../../src/fleet/find/look.ts'
import { nameOfPlace } from '../../src/fleet/find/name.ts'

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

const log = (path: string, place: string, ...voices: Voice[]): Placed => ({
  source: { path, bytes: 1, mtime: '0', content: path },
  place,
  named: null,
  voices,
})
const voice = (host: string, machineId: string | null = null, boot: string | null = null): Voice => ({ host, machineId, boot })
const sets = (logs: Placed[]): string[][] =>
  grouped(logs)
    .map(({ inputs }) => inputs.map(({ path }) => path))
    .sort()

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
    const [group, ...others] = grouped([
      log('1', '', voice('a', 'm'), voice('b', 'n')),
      log('2', '', voice('c', 'o'), voice('b', 'n')),
      log('3', '', voice('c', 'o')),
    ])
    expect(group).toMatchObject({ mixed: true, inputs: [{ path: '1' }, { path: '2' }, { path: '3' }] })
    expect(others).toEqual([])
  })

  test('each log lies in one group, and the order in which they are found does not matter', () => {
    const name = fc.constantFrom('', 'a', 'b', 'c')
    const id = fc.constantFrom(null, 'm', 'n', 'o')
    const voices = fc.array(fc.record({ host: name, machineId: id, boot: id }), { maxLength: 3 })
    fc.assert(
      fc.property(fc.array(voices, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (all, picks) => {
        const logs = all.map((heard, index) => log(String(index).padStart(2, '0'), `place-${index % 4}`, ...heard))
        const once = sets(logs)
        expect(once.flat().sort()).toEqual(logs.map(({ source }) => source.path))
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

describe('--host-from', () => {
  test('wants an expression with a group, or a field', () => {
    expect(hostFrom('field:node')).toEqual({ kind: 'field', name: 'node' })
    expect(hostFrom('path:/([^/]+)/messages$')).toMatchObject({ kind: 'path' })
    for (const wrong of ['node', 'path:', 'path:/messages$', 'path:(', 'file:x']) expect(() => hostFrom(wrong)).toThrow()
  })
})
