import { describe, expect, it } from 'vitest'
import { only, readText } from '../formats/fixture.ts'

/** Who spoke in one journal entry of these fields. */
async function spoke(fields: Record<string, string>): Promise<[string | null, string]> {
  const entry = only(
    await readText(
      `${JSON.stringify({ __REALTIME_TIMESTAMP: '1772418641203950', MESSAGE: 'Freezing execution.', _HOSTNAME: 'h', ...fields })}\n`,
    ),
  )
  return [entry.speaker, entry.trust]
}

async function said(line: string): Promise<[string | null, string, string | null, string]> {
  const entry = only(await readText(`${line}\n`))
  return [entry.speaker, entry.trust, entry.host, entry.message]
}

describe('who spoke, by the fields that journald sets', () => {
  it('PID 1, where _PID says so, or the kernel passes on its early lines', async () => {
    expect(await spoke({ _PID: '1', _COMM: 'systemd', SYSLOG_IDENTIFIER: 'systemd', _TRANSPORT: 'journal' })).toEqual([
      'pid1',
      'trusted',
    ])
    expect(await spoke({ _PID: '1', SYSLOG_IDENTIFIER: 'systemd' })).toEqual(['pid1', 'trusted'])
    expect(await spoke({ _TRANSPORT: 'kernel', SYSLOG_IDENTIFIER: 'systemd', SYSLOG_PID: '1' })).toEqual(['pid1', 'trusted'])
  })

  it('the kernel, also when it speaks of PID 1', async () => {
    expect(await spoke({ _TRANSPORT: 'kernel', SYSLOG_IDENTIFIER: 'kernel', MESSAGE: 'systemd[1]: segfault at 0' })).toEqual([
      'kernel',
      'trusted',
    ])
  })

  it('not PID 1: logger(1), a container, a program under its name', async () => {
    expect(
      await spoke({ _PID: '777', _COMM: 'logger', SYSLOG_IDENTIFIER: 'systemd', SYSLOG_PID: '1', _TRANSPORT: 'syslog' }),
    ).toEqual(['systemd', 'refuted'])
    expect(await spoke({ _PID: '777', _COMM: 'systemd', SYSLOG_IDENTIFIER: 'systemd', SYSLOG_PID: '1' })).toEqual([
      'systemd',
      'refuted',
    ])
    expect(await spoke({ _PID: '777', _COMM: 'logger', SYSLOG_IDENTIFIER: 'dbus-daemon', _TRANSPORT: 'syslog' })).toEqual([
      'dbus-daemon',
      'refuted',
    ])
  })

  it("a user's manager is itself, and no PID 1", async () => {
    expect(await spoke({ _PID: '376', _COMM: 'systemd', SYSLOG_IDENTIFIER: 'systemd' })).toEqual(['systemd', 'trusted'])
  })

  it('PID 1 as far as is claimed, where --output-fields left the proof out', async () => {
    expect(await spoke({ SYSLOG_IDENTIFIER: 'systemd', SYSLOG_PID: '1' })).toEqual(['pid1', 'claimed'])
  })
})

describe('who spoke, by the text', () => {
  it('PID 1 with and without its number', async () => {
    expect((await said('Mar  2 02:30:41 h systemd[1]: x')).slice(0, 2)).toEqual(['pid1', 'claimed'])
    expect((await said('Mar  2 02:30:41 h systemd: x')).slice(0, 2)).toEqual(['pid1', 'claimed'])
    expect((await said('Mar  2 02:30:41 h systemd[376]: x')).slice(0, 2)).toEqual(['systemd', 'claimed'])
    expect((await said('Mon 2026-03-02 02:30:41 UTC h init.scope[1]: x')).slice(0, 2)).toEqual(['pid1', 'claimed'])
    expect((await said('Mon 2026-03-02 02:30:41 UTC h ssh.service[99]: x')).slice(0, 2)).toEqual([null, 'claimed'])
  })

  it("PID 1 by way of the kernel's buffer, but not what the kernel says of it", async () => {
    expect(await said('Mar  2 02:30:41 h kernel: systemd[1]: Freezing execution.')).toEqual([
      'pid1',
      'claimed',
      'h',
      'Freezing execution.',
    ])
    expect(await said('Mar  2 02:30:41 h kernel: systemd[1]: segfault at 110 ip 0')).toEqual([
      'kernel',
      'claimed',
      'h',
      'systemd[1]: segfault at 110 ip 0',
    ])
    expect(await said('Mar  2 02:30:41 h kernel: traps: systemd[1] general protection')).toEqual([
      'kernel',
      'claimed',
      'h',
      'traps: systemd[1] general protection',
    ])
  })

  it("another machine's PID 1, where a container's log or runtime passes it on", async () => {
    expect(await said('Mar  2 02:30:41 5f14761 kernel[791]: [ 3552.776530] systemd[1]: Freezing execution.')).toEqual([
      ...['pid1', 'claimed', '5f14761 (container via kernel[791])', 'Freezing execution.'],
    ])
    expect((await said('Mar  2 02:30:41 h dockerd[50]: systemd[1]: Freezing execution.'))[2]).toBe(
      'h (container via dockerd[50])',
    )
    expect((await said('2026-03-02T02:30:41.2Z stdout F systemd[1]: Freezing execution.')).slice(0, 3)).toEqual([
      'pid1',
      'claimed',
      'unnamed (container)',
    ])
  })

  it('whoever quotes PID 1 stays himself', async () => {
    expect(await said('Mar  2 02:30:41 h app[77]: systemd[1]: Freezing execution.')).toEqual([
      'app',
      'claimed',
      'h',
      'systemd[1]: Freezing execution.',
    ])
  })

  it('nobody, where the form does not tell', async () => {
    expect(await said('Freezing execution.')).toEqual([null, 'claimed', null, 'Freezing execution.'])
  })
})
