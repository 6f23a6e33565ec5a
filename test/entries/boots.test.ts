import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fixture, readAll, readText, type Whole } from '../formats/fixture.ts'

const dir = mkdtempSync(join(tmpdir(), 'inquest-boots-'))
afterAll(() => rmSync(dir, { recursive: true }))

function settledBoots({ entries, reading }: Whole): string[] {
  return entries.map(
    entry => reading.settle({ host: entry.host, boot: entry.boot, time: entry.time, input: entry.ref.input }).boot,
  )
}

/** Boot of each line of a log of these `ident: message` lines, one a second. */
async function boots(lines: readonly string[]): Promise<string> {
  const text = lines.map((line, at) =>
    line.startsWith('--') ? line : `Mar  2 02:${String(10 + Math.floor(at / 60))}:${String(at % 60).padStart(2, '0')} h ${line}`,
  )
  return settledBoots(await readText(`${text.join('\n')}\n`))
    .map(boot => boot.replace('boot-', ''))
    .join('')
}

const UP = ['systemd[1]: Finished Remount Root and Kernel File Systems.', 'systemd[1]: Mounted Huge Pages File System.']
const DONE = 'systemd[1]: Startup finished in 2.794s (kernel) + 828ms (userspace) = 3.623s.'

describe('where a boot begins in a log without boot ids', () => {
  it("at a separator, at the kernel's first line, at systemd's", async () => {
    expect(await boots(['a[1]: x', '-- Reboot --', 'a[1]: x', '-- Boot --', 'a[1]: x'])).toBe('1222')
    expect(
      await boots([
        ...UP,
        DONE,
        'kernel: Linux version 6.1.0',
        'kernel: Command line: x',
        'systemd[1]: systemd 252 running in system mode (+PAM)',
        ...UP,
        DONE,
      ]),
    ).toBe('111222222')
    expect(await boots([...UP, DONE, 'systemd[1]: systemd 252.39 running in system mode (+PAM)', ...UP])).toBe('111222')
  })

  it('not where PID 1 executes itself anew or leaves the initrd', async () => {
    const again = 'systemd[1]: systemd 257 running in system mode (+PAM)'
    expect(await boots([...UP, DONE, 'systemd[1]: Reexecuting.', again, 'a[1]: x'])).toBe('111111')
    expect(await boots(['kernel: Linux version 6', again, 'systemd[1]: Switching root.', again, ...UP, DONE])).toBe('1111111')
  })

  it('where a PID 1 speaks that shut down', async () => {
    expect(await boots([DONE, 'systemd[1]: Shutting down.', 'sshd[9]: still here', 'systemd[1]: Started Foo.'])).toBe('1112')
  })

  it('not where a PID 1 speaks on that is said to have crashed, unless more of a boot follows', async () => {
    for (const end of ['Freezing execution.', 'Exiting PID 1...']) {
      expect(await boots([DONE, `systemd[1]: ${end}`, 'sshd[9]: still here', 'systemd[1]: Started Foo.'])).toBe('1111')
      expect(await boots([DONE, `systemd[1]: ${end}`, 'systemd[1]: Started Foo.', ...UP])).toBe('11222')
    }
    expect(
      await boots([
        DONE,
        'systemd[1]: Freezing execution.',
        'dbus-daemon[9]: timed out',
        'systemd-journald[66]: Journal started',
        ...UP,
      ]),
    ).toBe('111222')
  })

  it('not at the copies of its last words', async () => {
    expect(
      await boots([
        DONE,
        'systemd[1]: Freezing execution.',
        'systemd[1]: Caught <ABRT>, dumped core as pid 9.',
        'systemd[1]: Freezing execution.',
      ]),
    ).toBe('1111')
  })

  it('where journald and early units start again after start-up was finished, but not where journald alone does', async () => {
    const journald = 'systemd-journald[66]: Journal started'
    expect(await boots([journald, ...UP, DONE, 'a[1]: x', journald, ...UP, DONE])).toBe('111112222')
    const busy = Array<string>(100).fill('a[1]: x')
    expect(await boots([...UP, DONE, 'a[1]: x', journald, ...busy])).toBe('1'.repeat(105))
  })

  it('not where a user manager says that it has finished, nor where a forger says that PID 1 froze', async () => {
    expect(await boots(['systemd[900]: Startup finished in 193ms.', ...UP, DONE])).toBe('1111')
    expect(await boots([DONE, 'logger[77]: systemd[1]: Freezing execution.', 'systemd[1]: Started Foo.'])).toBe('111')
  })

  it('where the clock since boot falls back', async () => {
    const { entries, reading } = await readText(
      '[  901.327456] h systemd[1]: x\n[  900.000000] h systemd[1]: late\n[    0.500000] h kernel: y\n[    1.500000] h systemd[1]: z\n',
    )
    expect(settledBoots({ entries, reading })).toEqual(['boot-1', 'boot-1', 'boot-2', 'boot-2'])
  })
})

describe('boots of several inputs', () => {
  it("a text log's lines join the boots that a journal of the same host has ids for", async () => {
    const paths = ['json', 'short'].map(name => new URL(`../../fixtures/formats/${name}/input.log`, import.meta.url).pathname)
    const whole = await readAll([...paths].reverse())
    const ids = new Set(settledBoots(whole))
    expect(ids.size).toBe(2)
    expect([...ids].every(id => /^[0-9a-f]{32}$/.test(id))).toBe(true)
    expect(whole.reading.coverage().hosts).toHaveLength(1)
    expect(whole.reading.coverage().hosts[0]?.boots.map(boot => boot.entries)).toEqual([62, 18])
  })

  it('rotated files go on with one boot where no boundary lies between them, in whatever order they are named', async () => {
    const older = join(dir, 'messages.1')
    const younger = join(dir, 'messages')
    writeFileSync(older, `Mar  1 10:00:00 h ${DONE}\nMar  1 11:00:00 h a[1]: x\n`)
    writeFileSync(younger, 'Mar  2 10:00:00 h a[1]: x\nMar  2 11:00:00 h kernel: Linux version 6.1\nMar  2 11:00:01 h a[1]: x\n')
    for (const paths of [
      [younger, older],
      [older, younger],
    ]) {
      const { reading } = await readAll(paths)
      const [host] = reading.coverage().hosts
      expect(host?.boots.map(({ id, entries, first }) => ({ id, entries, first }))).toEqual([
        { id: 'boot-1', entries: 3, first: '2026-03-01T10:00:00.000000Z' },
        { id: 'boot-2', entries: 2, first: '2026-03-02T11:00:00.000000Z' },
      ])
    }
  })

  it('a log of very many reboots, or hosts, is settled in the time it takes to read', async () => {
    const numbers = [...Array(60_000).keys()]
    const reboots = await readText(numbers.map(() => '-- Reboot --\nMar 02 02:30:41 h a[1]: x\n').join(''))
    expect(reboots.reading.coverage().hosts[0]?.boots).toHaveLength(60_000)
    const hosts = await readText(numbers.map(at => `Mar 02 02:30:41 h${at} a[1]: x\n`).join(''))
    expect(hosts.reading.coverage().hosts).toHaveLength(60_000)
  }, 15_000)

  it("early lines under localhost are the machine's; a container with the same boot id is not", async () => {
    const line = (host: string, machine: string, at: number) =>
      `${JSON.stringify({ __REALTIME_TIMESTAMP: String(1772418641000000 + at), _BOOT_ID: '1f9d', _HOSTNAME: host, _MACHINE_ID: machine, _PID: '1', MESSAGE: 'x' })}\n`
    const whole = await readText(line('localhost', 'a', 1) + line('web', 'a', 2) + line('web', 'a', 3) + line('box', 'b', 4))
    expect(whole.reading.coverage().hosts.map(({ host, boots: own }) => [host, own.map(boot => boot.entries)])).toEqual([
      ['box', [1]],
      ['web', [3]],
    ])
    const settle = (host: string) => whole.reading.settle({ host, boot: '1f9d', time: null, input: '-' }).host
    expect(['localhost', 'web', 'box'].map(settle)).toEqual(['web', 'web', 'box'])
  })

  it('two hosts in one pipe have boots of their own', async () => {
    const { reading } = await readText(
      'Mar  2 02:00:00 a systemd[1]: Freezing execution.\nMar  2 02:00:01 b systemd[1]: Started x.\nMar  2 02:00:02 a kernel: Linux version 6\n',
    )
    expect(reading.coverage().hosts.map(({ host, boots: own }) => [host, own.length])).toEqual([
      ['a', 2],
      ['b', 1],
    ])
  })

  it("a file's own date bounds its year", async () => {
    const path = join(dir, 'old')
    writeFileSync(path, 'Mar  2 10:00:00 h a[1]: x\n')
    utimesSync(path, new Date('2021-03-02T10:00:00Z'), new Date('2021-03-02T10:00:00Z'))
    const { reading } = await readAll([path])
    expect(reading.coverage().hosts[0]?.boots[0]?.first).toBe('2021-03-02T10:00:00.000000Z')
  })
})

describe('newest first', () => {
  it('comes out oldest first with the same boots, from a file, a pipe and gzip', async () => {
    const straight = await readText(fixture('short-precise'))
    const reversed = await readText(fixture('reverse'))
    expect(reversed.entries.map(entry => entry.message)).toEqual(straight.entries.map(entry => entry.message))
    expect(settledBoots(reversed)).toEqual(settledBoots(straight))
    expect(reversed.entries.map(entry => entry.seq)).toEqual(straight.entries.map(entry => entry.seq))
  })

  it('puts the boundary of a separator before the younger boot', async () => {
    const lines = [
      'Mar 02 02:00:09 h a[1]: four',
      'Mar 02 02:00:08 h a[1]: three',
      '-- Reboot --',
      'Mar 02 02:00:05 h a[1]: two',
      'Mar 02 02:00:04 h a[1]: one',
    ]
    const whole = await readText(`${lines.join('\n')}\n`)
    expect(whole.entries.map(entry => entry.message)).toEqual(['one', 'two', 'three', 'four'])
    expect(settledBoots(whole)).toEqual(['boot-1', 'boot-1', 'boot-2', 'boot-2'])
  })

  it('is read in stretches: a large log keeps its order and its line numbers', async () => {
    const count = 60_000
    const line = (at: number) =>
      `${new Date(Date.UTC(2026, 2, 1) + at * 1000).toISOString().replace('Z', '+0000').replace('.000', '')} h a[1]: number ${at} of a long log\n`
    const text = Array.from({ length: count }, (_, at) => line(count - 1 - at)).join('')
    expect(text.length).toBeGreaterThan(3 << 20)
    const { entries } = await readText(text)
    expect(entries.length).toBe(count)
    expect(entries.every((entry, at) => entry.message === `number ${at} of a long log` && entry.ref.line === count - at)).toBe(
      true,
    )
  })
})
