/** What the walk over lines lets pass, and what it must not. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MADE_OF } from '../../src/replay/facts.ts'
import { shipped } from '../../src/rules/shipped.ts'
import { walkModule } from '../../src/scan/module.ts'
import { type Hour, Walk } from '../../src/scan/walk.ts'
import { createMatcher } from '../../src/signals/match.ts'
import { wordings } from '../signals/shipped.ts'

const every = new Set(shipped.signals.map(({ name }) => name))
const boot = 'b4e411756d944b56a7f2eb55d84326eb'

function walkFor(wanted: ReadonlySet<string>, ofMounts?: ReadonlySet<string>): Walk {
  const module = walkModule()
  const aim = {
    sought: createMatcher(shipped.signals).sought(wanted, ofMounts),
    landmarks: ['Local File Systems'],
    lastWords: true,
  }
  const walk = module && Walk.over(module, aim)
  if (!walk) throw new Error('no WebAssembly here')
  walk.add({ host: 'vm', boot, machineId: null }, 0)
  walk.add({ host: 'vm', boot: '', machineId: null }, 1)
  walk.stamped({ before: 'Nov 24 01:', point: '', digits: 0, behind: ' ', time: 1e15, minutes: true })
  return walk
}

const json = (message: string, more = '') =>
  `{"__REALTIME_TIMESTAMP":"1795484741000000","_BOOT_ID":"${boot}","_HOSTNAME":"vm","_TRANSPORT":"journal","_PID":"77","_COMM":"app"${more},"MESSAGE":${JSON.stringify(message)}}\n`
const text = (message: string) => `Nov 24 01:45:41 vm app[77]: ${message}\n`

/** How many of the lines are passed over before one must be read. */
function passed(walk: Walk, form: 'json' | 'text', lines: readonly string[]): number {
  const bytes = Buffer.from(lines.join(''))
  bytes.copy(walk.block)
  walk.block.write('N', bytes.length)
  walk.fill(bytes.length + 1)
  walk[form](0, bytes.length, 100, 1)
  expect(walk.line - 1).toBe(walk.seq - 100)
  return walk.line - 1
}

describe('the walk over lines', () => {
  const walk = walkFor(every)
  const plain = 'request 17 served in 3 ms, as ever'

  test.each(wordings)('stops at $wording', ({ message }) => {
    expect(passed(walk, 'json', [json(plain), json(message), json(plain)])).toBe(1)
    if (!message.includes('\n')) expect(passed(walk, 'text', [text(plain), text(message), text(plain)])).toBe(1)
  })

  test.each([
    ['is no object', '{"A":1}\n'],
    ['has an array', json(plain, ',"A":[1]')],
    ['has a blank behind a colon', json(plain).replace('":"', '": "')],
    ['has a field twice', json(plain, ',"_PID":"1"')],
    ['hides a letter', json(plain).replace('served', '\\u0073erved')],
    ['hides a control character', json('a message\u001b[0m of somebody, in colour')],
    ['is of another boot', json(plain).replace(boot, boot.replace('b', 'c'))],
    ['is of another host', json(plain).replace('"vm"', '"vn"')],
    ['has no time', json(plain).replace('__REALTIME', '__UNREAL')],
    ['has no PID', json(plain).replace('"_PID"', '"_PIG"')],
    ['has a second line', json('a message\nwith a second line')],
    ['is cut short', json(plain).slice(0, -4)],
    ['has a carriage return', json(plain).replace('\n', '\r\n')],
    ['is a blank line', '\n'],
    ['is longer than a line may be', json('x'.repeat(1 << 20))],
  ])('reads JSON that %s', (_, line) => {
    expect(passed(walk, 'json', [json(plain), line])).toBe(1)
  })

  test.each([
    ['is of another hour', text(plain).replace(' 01:', ' 02:')],
    ['has no minute', text(plain).replace(':45:', ':65:')],
    ['has no second', text(plain).replace(':41', ':71')],
    ['goes on in the next', `${text(plain)}    and so on\n`],
    ['is of the kernel', text(plain).replace('app', 'kernel')],
    ['has another host', text(plain).replace(' vm ', ' vn ')],
    ['has no tag', 'Nov 24 01:45:41 vm last message repeated 3 times\n'],
    ['has an escaped line end', text('a message#012with a second line')],
    ['has a tab', text('a message\twith a tab in it')],
    ['tells of a boot', text('Reached target Local File Systems.').replace('app[77]', 'systemd[1]')],
  ])('reads text that %s', (_, line) => {
    expect(passed(walk, 'text', [text(plain), line])).toBe(1)
  })

  test.each([0, 50, 8100, 8192, 20_000, 300_000])('passes over text after and behind a line of some %i bytes', size => {
    const lines = Array.from({ length: 500 }, (_, index) => text(`${plain} x${'x'.repeat(index)}`))
    lines.splice(200, 0, text(`${plain} x${'x'.repeat(size)}`))
    expect(passed(walk, 'text', lines)).toBe(501)
    lines.splice(260, 0, text('Freezing execution.'))
    expect(passed(walk, 'text', lines)).toBe(260)
  })

  test('finds each line that must be read, wherever it stands among short and blank ones', () => {
    const odd = [
      '\n',
      text('a\tb'),
      text('Freezing execution.'),
      text('it … went on'),
      text('an #011 escape'),
      text('so\u007fon'),
    ]
    fc.assert(
      fc.property(
        fc.array(fc.nat(200), { minLength: 1, maxLength: 300 }),
        fc.nat(odd.length - 1),
        fc.nat(99),
        (sizes, which, blanks) => {
          const lines = sizes.map(size => text(`${plain} x${'x'.repeat(size)}`))
          expect(passed(walk, 'text', [...lines, odd[which] ?? '', ...'\n'.repeat(blanks), text(plain)])).toBe(lines.length)
        },
      ),
    )
  })

  test('takes from lines of text in a row what it takes from each alone', () => {
    const walk = walkFor(new Set(['pid1.froze']))
    const HOURS = [
      { before: 'Nov 24 01:', point: '', digits: 0, behind: ' ' },
      { before: '2026-11-24T01:', point: '.', digits: 6, behind: '+01:00 ' },
      { before: '2026-11-24 01:', point: ',', digits: 3, behind: ' ' },
      { before: '2026-11-24T01:', point: '.', digits: 9, behind: 'Z ' },
    ]
    const spots = ['vm', 'db', `long${'g'.repeat(50)}`].map(host => ({ host, boot: '', machineId: null }))
    const tags = [
      'app[77]',
      'app[78]',
      'app',
      'systemd[1]',
      'NetworkManager[812]',
      'a-very-long-identifier-of-somebody[4194304]',
      's[2]',
    ]
    const line = fc.record({
      host: fc.oneof({ weight: 20, arbitrary: fc.constant(0) }, fc.nat(2)),
      tag: fc.nat(tags.length - 1),
      seconds: fc.nat(3599),
      fraction: fc.nat(999_999_999),
      message: fc.oneof(
        { weight: 20, arbitrary: fc.constantFrom(plain, 'A unit did this and that.', 'ok, so it is') },
        fc.nat(9),
      ),
      odd: fc.oneof({ weight: 30, arbitrary: fc.constant('') }, fc.constantFrom('9', ':', ' ', '[', 'x')),
      at: fc.nat(60),
    })
    const two = (value: number) => String(value).padStart(2, '0')
    fc.assert(
      fc.property(
        fc.nat(HOURS.length - 1),
        fc.boolean(),
        fc.array(line, { minLength: 1, maxLength: 120 }),
        (which, isStill, drawn) => {
          const hour = { ...HOURS[which], time: 1.7e15, minutes: true } as Hour
          const lines = drawn.map(({ host, tag, message, odd, at, ...time }) => {
            const { seconds, fraction } = isStill ? { seconds: 61, fraction: 0 } : time
            const stamp = `${hour.before}${two(Math.floor(seconds / 60))}:${two(seconds % 60)}${hour.point}${String(fraction).padStart(9, '0').slice(0, hour.digits)}${hour.behind}`
            const whole = `${stamp}${spots[host]?.host} ${tags[tag]}: ${typeof message === 'number' ? 'm'.repeat(message) : message}\n`
            return Buffer.from(odd === '' ? whole : whole.slice(0, at) + odd + whole.slice(at + 1))
          })
          const told = (step: (walk: Walk, from: number, to: number) => number) => {
            walk.forget()
            walk.stamped(hour)
            spots.forEach((spot, index) => {
              walk.add(spot, index)
            })
            const bytes = Buffer.concat([...lines, Buffer.from('N')])
            bytes.copy(walk.block)
            walk.fill(bytes.length)
            const stop = step(walk, 0, bytes.length - 1)
            const pid1s = spots.map((_, index) => walk.takePid1(index))
            return { stop, seq: walk.seq, line: walk.line, time: walk.time, pid1s, counts: walk.take(spots.length) }
          }
          const inRow = told((walk, from, to) => walk.text(from, to, 100, 1))
          const alone = told((walk, from) => {
            let [at, seq, number] = [from, 100, 1]
            for (const { length } of lines) {
              walk.stamped(null)
              walk.stamped(hour)
              const stop = walk.text(at, at + length, seq, number)
              if (stop === at) break
              ;[at, seq, number] = [stop, walk.seq, walk.line]
            }
            return at
          })
          expect(inRow).toEqual(alone)
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('keeps who spoke last when, and PID 1 apart', () => {
    const own = (message: string) => json(message).replace('"77"', '"1"').replace('"app"', '"systemd"')
    const lines = [
      json(plain),
      own('This is nothing that anybody looks for.'),
      json(plain, ',"_SYSTEMD_UNIT":"x.service"'),
      json(plain),
    ]
    walk.take(2)
    expect(passed(walk, 'json', lines)).toBe(4)
    expect(walk.takePid1(0)).toMatchObject({ line: 2, seq: 101, time: 1795484741000000 })
    const [count] = walk.take(2)
    expect(count).toMatchObject({ entries: 4, pid1: 1, lastSeq: 103 })
    expect([...(count?.words ?? [])].map(([who, { seq }]) => [who, seq])).toEqual([
      ['app', 103],
      ['x.service', 102],
    ])
  })

  test('of units coming and going, looked at for mounts, stops at mounts alone', () => {
    const mounts = walkFor(new Set(['pid1.froze']), new Set(MADE_OF['mount.storm']))
    const lines = ['worker@1.service: Deactivated successfully.', 'srv-data.mount: Deactivated successfully.']
    expect(
      passed(
        mounts,
        'json',
        lines.map(line => json(line)),
      ),
    ).toBe(1)
  })
})
