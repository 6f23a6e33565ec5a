import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { paint } from '../../src/problems/frame.ts'
import type { Hole, Part } from '../../src/signals/definition.ts'
import { createMatcher } from '../../src/signals/match.ts'
import { flatten } from '../../src/signals/wording.ts'
import { definitions, diagnostics, files, wordings } from './shipped.ts'

const matcher = createMatcher(definitions)
const valuesOf = (message: string, speaker: string | null = null) => {
  const match = matcher.match(message, speaker)
  return match && { name: match.name, ...match.values }
}

describe('the shipped signals', () => {
  it('compile, and every sample fits its own signal alone', () => {
    expect(paint(diagnostics, Object.fromEntries(files.map(({ file, text }) => [file, text])))).toBe('')
  })

  it.each(wordings)('$wording is $signal', ({ signal, message }) => {
    expect(matcher.match(message, null)?.name).toBe(signal)
  })

  it('are plain data that JSON keeps', () => {
    expect(JSON.parse(JSON.stringify(definitions))).toEqual(definitions)
  })

  it('give back what was put into their holes', () => {
    const wording = fc.constantFrom(
      ...definitions.flatMap(definition => definition.wordings.map(each => ({ definition, wording: each }))),
    )
    const filled = wording.chain(({ definition, wording }) =>
      fc
        .constantFrom(...flatten(wording.parts))
        .chain(flat => fc.tuple(...flat.map(valueFor)).map(values => ({ definition, wording, flat, values }))),
    )
    fc.assert(
      fc.property(filled, ({ definition, wording, flat, values }) => {
        const match = matcher.match(values.join(''), null)
        const above = definitions.filter(({ over }) => over.includes(definition.name)).map(({ name }) => name)
        if (match && above.includes(match.name)) return
        const held = Object.fromEntries(
          flat.flatMap((part, index) => (isHole(part) && part.hole !== '_' ? [[part.hole, values[index]]] : [])),
        )
        expect({ name: match?.name, ...match?.values }).toEqual({ name: definition.name, ...held, ...wording.set })
      }),
      { numRuns: 5000 },
    )
  })

  it('fold only these, which storm', () => {
    expect(
      Object.fromEntries(definitions.filter(({ fold }) => fold.length > 0).map(({ name, fold }) => [name, fold.join(', ')])),
    ).toMatchSnapshot()
  })
})

function isHole(part: Part): part is Hole {
  return typeof part === 'object' && 'hole' in part
}

const word = fc.stringMatching(/^[a-z]{3,8}qz$/)
const unit = fc.stringMatching(/^[a-zA-Z0-9:_.\\@-]{1,40}q\.(service|socket|mount|target|scope|timer)$/)
const text = fc.array(word, { minLength: 1, maxLength: 4 }).map(words => words.join(' '))

/** A value of the hole that holds nothing of the fixed text around it: what else it may hold is the samples' affair. */
function valueFor(part: string | Hole): fc.Arbitrary<string> {
  if (typeof part === 'string') return fc.constant(part)
  switch (part.type) {
    case 'unit':
      return unit
    case 'int':
      return fc.nat().map(String)
    case 'signed':
      return fc.integer().map(String)
    case 'path':
      return fc.array(word, { minLength: 1, maxLength: 3 }).map(names => `/${names.join('/')}`)
    case 'word':
      return word
    case 'enum':
      return fc.constantFrom(...(part.values ?? []))
    case 'text?':
      return fc.option(text, { nil: '' })
    default:
      return text
  }
}

describe('near misses', () => {
  it.each([
    'socket: No buffer space available',
    'ping: sendmsg: No buffer space available',
    "ls: cannot access '.': Transport endpoint is not connected",
    '/mnt/fuse/x: Transport endpoint is not connected',
    'curl: (56) Recv failure: Connection reset by peer',
    'error: kex_exchange_identification: Connection reset by peer',
    'Failed to connect to database: Connection refused',
    'Agent buffer is full: Events may be lost.',
    'fail to announce our IP: no buffer space available',
    'Timeout waiting for systemd to create kubepods-burstable-x.slice',
    'traps: systemd[171157] general protection fault ip:7f sp:7f error:0',
    'systemd[376]: segfault at 0 ip 00007f sp 00007f error 4',
    'Failed to load new SELinux policy. Continuing with old policy.',
    'rsyslog.service: Found left-over process',
    'Message of 1000 bytes: Freezing execution.',
    'systemd[1]: Freezing execution.',
    'Caught <ABRT>',
    'Main process exited, code=killed, status=9/KILL',
  ])('%s is no signal', message => {
    expect(matcher.matchAny(message)).toBeNull()
  })
})

describe('real lines', () => {
  it.each([
    // systemd issues #22026, #21242, #37498, #5886; the founding articles; kubernetes#94913
    ['Caught <ABRT>, dumped core as pid 1776634 .', { name: 'pid1.core', signal: 'ABRT', pid: '1776634', core: 'dumped' }],
    ['Caught <SEGV>,dumped core as pid 1473', { name: 'pid1.core', signal: 'SEGV', pid: '1473', core: 'dumped' }],
    ['Caught <BUS> from PID -1189953532.', { name: 'pid1.caught', signal: 'BUS', pid: '-1189953532', sender: 'pid' }],
    [
      'service_sigchld_event() ABORT         ← SIGCHLD arrives',
      { name: 'pid1.assert', function: 'service_sigchld_event', form: 'unreached', paraphrase: 'yes' },
    ],
    ['Reloading requested from PID 3267    ← daemon-reload', { name: 'manager.reload-requested', pid: '3267', kind: 'reload' }],
    [
      "Assertion 'pid >= 1' failed at src/core/unit.c:1997, function unit_watch_pid(). Aborting.",
      {
        name: 'pid1.assert',
        expr: 'pid >= 1',
        file: 'src/core/unit.c',
        line: '1997',
        function: 'unit_watch_pid',
        form: 'assert',
      },
    ],
    [
      'rsyslog.service: Found left-over process 1234 (rsyslogd)',
      { name: 'leftover.found', unit: 'rsyslog.service', pid: '1234', comm: 'rsyslogd' },
    ],
    [
      'Failed to start session scope session-19928.scope: No buffer space available',
      { name: 'bus.scope-failed', scope: 'session-19928.scope', error: 'No buffer space available', action: 'start scope' },
    ],
    [
      'Failed to reload daemon: Refusing to reload, not enough space available on /run/systemd. Currently, 0B are free, but a safety buffer of 16.0M is enforced.',
      { name: 'manager.reload-refused', refusal: 'Failed to reload daemon: Refusing to reload', free: '0B', buffer: '16.0M' },
    ],
    [
      'dev-disk-by\\x2did-x@y:z.service: Main process exited, code=killed, status=9/KILL',
      { name: 'unit.exited', unit: 'dev-disk-by\\x2did-x@y:z.service', code: 'killed', status: '9', exit: 'KILL', kind: 'main' },
    ],
  ])('%s', (message, values) => {
    expect(valuesOf(message)).toEqual(values)
  })

  it("names the victim by dbus-daemon's last brackets, whoever is the sender", () => {
    const line = (destination: string, victim: string) =>
      `[system] Rejected: destination has a full message queue, 0 matched rules; type="signal", sender=":1.0" (uid=0 pid=1 comm="/usr/lib/systemd/systemd --system " label="unconfined") interface="org.freedesktop.DBus.Properties" member="PropertiesChanged" error name="(unset)" requested_reply="0" destination="${destination}" (uid=0 pid=85 comm="${victim}" label="unconfined")`
    expect(valuesOf(line('org.freedesktop.DBus', '/usr/lib/systemd/systemd-logind '), 'dbus-daemon')).toMatchObject({
      name: 'bus.rejected',
      'victim-comm': '/usr/lib/systemd/systemd-logind ',
      'victim-pid': '85',
      'sender-comm': '/usr/lib/systemd/systemd --system ',
      'sender-pid': '1',
      member: 'PropertiesChanged',
      destination: 'org.freedesktop.DBus',
    })
  })
})
