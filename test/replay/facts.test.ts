import { describe, expect, it } from 'vitest'
import { MADE_OF } from '../../src/replay/facts.ts'
import { eventsOf, historyOf } from './signals.ts'

const facts = (name: string, lines: Parameters<typeof historyOf>[0]) => historyOf(lines).byName.get(name) ?? []

describe('reload', () => {
  it('is one fact of up to three lines', () => {
    const [reload, ...more] = facts('reload', [
      { name: 'manager.reload-requested', values: { pid: '136', comm: 'systemctl', asker: 'bootstrap.service' } },
      { name: 'manager.reload-begin' },
      { name: 'manager.reload-done', values: { ms: '111' } },
    ])
    expect(more).toEqual([])
    expect(reload?.values).toEqual({ kind: 'reload', pid: '136', comm: 'systemctl', asker: 'bootstrap.service' })
    expect(reload?.refs.map(ref => ref.line)).toEqual([1, 2, 3])
  })

  it('counts each "Reloading." of a systemd that prints nothing else', () => {
    expect(
      facts('reload', [{ name: 'manager.reload-begin' }, { name: 'manager.reload-begin' }, { name: 'manager.reload-begin' }]),
    ).toHaveLength(3)
  })

  it('is told from a re-execution', () => {
    const [reexec] = facts('reload', [{ name: 'manager.reexec-requested', values: { pid: '9' } }, { name: 'manager.reexec' }])
    expect(reexec?.values.kind).toBe('re-execution')
  })
})

describe('alias link', () => {
  const link = (link: string, target: string) => facts('alias.link', [{ name: 'link.created', values: { link, target } }])

  it('names the alias and the unit', () => {
    expect(link('/etc/systemd/system/syslog.service', '/usr/lib/systemd/system/rsyslog.service')[0]?.values).toMatchObject({
      alias: 'syslog.service',
      unit: 'rsyslog.service',
    })
  })

  it.each([
    ['a dependency', '/etc/systemd/system/multi-user.target.wants/rsyslog.service', '/usr/lib/systemd/system/rsyslog.service'],
    ['a mask', '/etc/systemd/system/syslog.service', '/dev/null'],
    ['an instance of a template', '/etc/systemd/system/getty@tty1.service', '/usr/lib/systemd/system/getty@.service'],
    ['a link between types', '/etc/systemd/system/default.service', '/usr/lib/systemd/system/multi-user.target'],
  ])('is not %s', (_, from, to) => {
    expect(link(from, to)).toEqual([])
  })
})

describe('mount storm', () => {
  const unmounts = (count: number, step: number | null) =>
    Array.from({ length: count }, (_, index) => ({
      name: 'unit.deactivated',
      values: { unit: `usr-mount-app-bucket${index}.mount` },
      at: step === null ? null : index * step,
    }))

  it('is a hundred mount units below one directory within a minute', () => {
    const [storm] = facts('mount.storm', unmounts(700, 0.01))
    expect(storm).toMatchObject({ count: 700, values: { prefix: '/usr/mount/app', kind: 'ended' } })
    expect(storm?.refs.length).toBeLessThanOrEqual(3)
  })

  it('is not a steady trickle', () => {
    expect(facts('mount.storm', unmounts(700, 5))).toEqual([])
  })

  it('is told by density where the form has no time', () => {
    expect(facts('mount.storm', unmounts(150, null))).toHaveLength(1)
  })

  it('is not told from fewer than a hundred', () => {
    expect(facts('mount.storm', unmounts(99, 0.01))).toEqual([])
  })
})

it('facts are made of the signals that MADE_OF names, and of no others', () => {
  const unit = 'srv-data-vol1.mount'
  const events = eventsOf([
    { name: 'manager.sighup' },
    { name: 'manager.reload-begin' },
    { name: 'manager.reload-done' },
    { name: 'manager.reexec-requested' },
    { name: 'manager.reexec' },
    {
      name: 'link.created',
      values: { link: '/etc/systemd/system/syslog.service', target: '/usr/lib/systemd/system/rsyslog.service' },
    },
    { name: 'socket.refused', values: { unit: 'syslog.socket', service: 'syslog.service' } },
    { name: 'unit.deactivated', values: { unit, prefix: '/srv/data', peakSeconds: '1.000' } },
    { name: 'mount.mounted', values: { unit, prefix: '/srv/data', peakSeconds: '1.000' } },
  ])
  const facts = events.filter(({ made }) => made.length > 0)
  expect(new Set(facts.map(({ name }) => name))).toEqual(new Set(Object.keys(MADE_OF)))
  for (const { name, made } of facts) for (const part of made) expect(MADE_OF[name]).toContain(part.name)
})
