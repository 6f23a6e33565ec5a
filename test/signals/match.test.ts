import { describe, expect, it } from 'vitest'
import { compileSignals } from '../../grammars/compile.ts'
import { createMatcher } from '../../src/signals/match.ts'
import { definitions } from './shipped.ts'

/** Compiles texts without samples: what is tried here is the matcher. */
function matcherOf(clauses: string) {
  const { definitions } = compileSignals([{ file: 'x.signals', text: `group x source "none"\n${clauses}` }])
  return createMatcher(definitions)
}
const signal = (name: string, text: string, more = 'from any') =>
  `signal ${name} about "x" ${more} kind history text ${JSON.stringify(text)} source "x" unlike "x"\n`
const values = (text: string, message: string) => matcherOf(signal('a.b', text)).matchAny(message)?.values ?? null

describe('a hole', () => {
  it.each([
    ['{a} is {b}', 'x is y is z', { a: 'x', b: 'y is z' }],
    ['got {a:word}, {b:word}.', 'got x.y, z.', { a: 'x.y', b: 'z' }],
    ['got {a:word}.', 'got x y.', null],
    ['got {a:int}', 'got 12', { a: '12' }],
    ['got {a:int}', 'got -12', null],
    ['got {a:signed}', 'got -12', { a: '-12' }],
    ['got {a:signed}', 'got -', null],
    ['at {a:path}.', 'at /a b/c.d.', { a: '/a b/c.d' }],
    ['at {a:path}.', 'at a/b.', null],
    ['{a:unit}: died', 'getty@tty1.service: died', { a: 'getty@tty1.service' }],
    ['{a:unit}: died', 'a:b.service: died', { a: 'a:b.service' }],
    ['{a:unit}: died', 'sshd: died', null],
    ['{a:unit}: died', 'my own.service: died', null],
    ['{a:unit}: died', `${'x'.repeat(250)}.service: died`, null],
    ['died: {a:errno}', 'died: 传输端点尚未连接', { a: '传输端点尚未连接' }],
    ['died: {a:errno}', 'died: 17', null],
    ['note ({a:text?})', 'note ()', { a: '' }],
    ['note ({a})', 'note ()', null],
    ['{_:word} said {a}', 'he said it', { a: 'it' }],
    ['left {[}{a}{]} and {{}b}', 'left [x] and {b}', { a: 'x' }],
  ])('%s takes %s', (text, message, expected) => {
    expect(values(text, message)).toEqual(expected)
  })
})

describe('an optional part', () => {
  const text = "asked by {pid:int}[ ('{comm}')][ (unit {unit:unit})]..."
  it.each([
    ['asked by 7...', { pid: '7' }],
    ["asked by 7 ('a b')...", { pid: '7', comm: 'a b' }],
    ['asked by 7 (unit x.service)...', { pid: '7', unit: 'x.service' }],
    ["asked by 7 ('a') (unit x.service)...", { pid: '7', comm: 'a', unit: 'x.service' }],
    ['asked by 7 (unit x)...', null],
  ])('%s', (message, expected) => {
    expect(values(text, message)).toEqual(expected)
  })
})

describe('a message', () => {
  const matcher = matcherOf(signal('x.end', 'The end.', 'from pid1'))
  it('is matched as a whole, but for what is not its own', () => {
    for (const message of ['The end.', 'The end. \r', 'The end.\nMore.', 'The end.   ← said the author', '\t The end.'])
      expect(matcher.match(message, 'pid1')?.name, message).toBe('x.end')
    for (const message of ['The end', 'The end..', 'And: The end.', '', ' ', 'The end. ← x'])
      expect(matcher.match(message, 'pid1'), message).toBeNull()
  })
  it('of a speaker who may not say it is nothing, yet its name can be asked for', () => {
    expect(matcher.match('The end.', null)?.name).toBe('x.end')
    expect(matcher.match('The end.', 'logger')).toBeNull()
    expect(matcher.match('The end.', 'systemd')).toBeNull()
    expect(matcher.matchAny('The end.')?.name).toBe('x.end')
  })
})

describe('speakers', () => {
  it.each([
    ['client', ['systemctl', 'bootstrap', '(cron)', 'systemd-logind'], ['pid1', 'kernel']],
    ['dbus', ['dbus', 'dbus-daemon', 'dbus-broker', 'dbus-broker-launch'], ['pid1', 'dbus-monitor']],
    ['journald', ['systemd-journald', 'systemd-journal'], ['journalctl', 'pid1']],
    ['cron', ['cron', 'CRON', 'crond', 'CROND', '(cron)', 'anacron'], ['sshd']],
    ['logind', ['systemd-logind'], ['systemd']],
    ['shutdown', ['systemd-shutdown'], ['shutdown']],
    ['coredump', ['systemd-coredump', 'systemd-coredum'], ['systemd']],
    ['kernel', ['kernel'], ['pid1']],
    ['any', ['pid1', 'kernel', 'x'], []],
  ])('%s', (from, may, mayNot) => {
    const matcher = matcherOf(signal('x.end', 'The end.', `from ${from}`))
    for (const speaker of may) expect(matcher.match('The end.', speaker), speaker).not.toBeNull()
    for (const speaker of mayNot) expect(matcher.match('The end.', speaker), speaker).toBeNull()
  })
})

describe('two signals that fit one message', () => {
  it('are told apart by over, wherever they stand', () => {
    const [loose, strict] = [
      signal('x.stopped', 'Stopped {name}.'),
      signal('x.target', 'Stopped target {name}.', 'from any over x.stopped'),
    ]
    for (const file of [loose + strict, strict + loose]) {
      expect(matcherOf(file).matchAny('Stopped target a.')?.name).toBe('x.target')
      expect(matcherOf(file).matchAny('Stopped a.')?.name).toBe('x.stopped')
    }
  })
  it('go by the speaker where he is known', () => {
    const matcher = createMatcher(definitions)
    const line = "Failed to activate service 'org.freedesktop.systemd1': timed out (service_start_timeout=25000ms)"
    expect(matcher.match(`[system] ${line}`, 'dbus-daemon')?.name).toBe('bus.activation-timeout')
    expect(matcher.match(line, 'systemctl')?.name).toBe('client.lost')
    expect(matcher.match('Failed to start x.service: Unit x.service not found.', 'pid1')?.name).toBe('unit.start-failed')
    expect(matcher.match('Failed to start x.service: Unit x.service not found.', 'systemctl')?.name).toBe('client.failed')
  })
})

describe('hostile lines', () => {
  const matcher = createMatcher(definitions)
  it.each([
    ['a text ending again and again', `Assertion '${"' failed at a:1, function ".repeat(40_000)}(). Aborting.`],
    [
      'brackets within brackets',
      `[system] Rejected: destination has a full message queue, 0 matched rules; type="s", sender="x" (uid=0 pid=1 comm="${'") interface="x" member="x" destination="x" (uid=0 pid=1 comm="'.repeat(20_000)}`,
    ],
    ['a long word', 'a'.repeat(10_000_000)],
    ['colons', ': '.repeat(1_000_000)],
    ['a long unit', `${'a-'.repeat(1_000_000)}.service: Deactivated successfully.`],
  ])('%s cost no more than they are long', (_, message) => {
    const began = performance.now()
    matcher.matchAny(message)
    expect(performance.now() - began).toBeLessThan(10_000) // what grows with the square takes minutes
  })
})
