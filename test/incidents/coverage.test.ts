/** What a boot ran on: kernel and system, by its own lines, else by what the machine's disk was left with. */
import { expect, test } from 'vitest'
import { analyze } from '../../src/index.ts'
import type { Boot } from '../../src/report/report.ts'
import { bytes, examine, NOW } from '../lab.ts'
import { archive, plant, workshop } from '../where/trees.ts'

const bootsOf = async (log: string | Buffer): Promise<Boot[]> => (await examine(log)).report.coverage.hosts[0]?.boots ?? []

test("a console's own welcome names the system", async () => {
  const [boot] = await bootsOf(bytes('healthy-252', 'console'))
  expect(boot).toMatchObject({ systemd: '252.39', os: 'Debian GNU/Linux 12 (bookworm)', kernel: null })
})

const MANAGER = 'systemd 252 running in system mode (+PAM)'

test.each([
  ["a program's welcome is none", ['Welcome to the Machine!', 'Freezing execution.'], null],
  ['nor one that comes long after', [MANAGER, ...Array<string>(60).fill('a line'), 'Welcome to the Machine!'], null],
  [
    'the second welcome behind one manager is not its own',
    [MANAGER, 'Welcome to Fedora Linux 39!', 'Welcome to the Machine!'],
    'Fedora Linux 39',
  ],
  [
    'an initrd is another system',
    [
      MANAGER,
      'Welcome to Red Hat Enterprise Linux 8.5 (Ootpa) dracut-049-191.git20210920.el8 (Initramfs)!',
      'Switching root.',
      MANAGER,
      'Welcome to Red Hat Enterprise Linux 8.5 (Ootpa)!',
    ],
    'Red Hat Enterprise Linux 8.5 (Ootpa)',
  ],
  ['a machine without os-release', [MANAGER, 'Welcome to Linux!'], null],
])('%s', async (_, lines, os) => {
  expect((await bootsOf(`${lines.join('\n')}\n`))[0]?.os).toBe(os)
})

test('the kernel names its release at each boot; who borrows its name does not', async () => {
  const boots = await bootsOf(
    [
      'Mar  2 02:00:01 vm7 kernel: Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org) (gcc-12) #1 SMP',
      `Mar  2 02:00:02 vm7 systemd[1]: ${MANAGER}`,
      'Mar  2 02:00:09 vm7 systemd[1]: Startup finished in 1.5s (kernel) + 2.5s (userspace) = 4.0s.',
      'Mar  2 02:10:00 vm7 app[77]: Linux version 9.9.9 is what I would like',
      'Mar  2 03:00:01 vm7 kernel: Linux version 6.1.0-21-amd64 (debian-kernel@lists.debian.org) (gcc-12) #1 SMP',
      `Mar  2 03:00:02 vm7 systemd[1]: ${MANAGER}`,
      '',
    ].join('\n'),
  )
  expect(boots.map(({ kernel }) => kernel)).toEqual(['6.1.0-18-amd64', '6.1.0-21-amd64'])
})

test("without a name before it, only the kernel's own words are taken for its line", async () => {
  expect((await bootsOf('Linux version 9.9 is what I would like\nFreezing execution.\n'))[0]?.kernel).toBe(null)
  expect((await bootsOf('Linux version 6.1.0-18-amd64 (x@y) (gcc) #1\nFreezing execution.\n'))[0]?.kernel).toBe('6.1.0-18-amd64')
})

test("a machine's disk tells of its last boot alone, and the boot's own line is believed before it", async () => {
  const boot = (hour: string, kernel: string) =>
    `Mar  2 ${hour}:00:01 vm7 kernel: Linux version ${kernel} (x) (gcc) #1\nMar  2 ${hour}:00:02 vm7 systemd[1]: ${MANAGER}\nMar  2 ${hour}:00:09 vm7 systemd[1]: Startup finished in 1s (kernel) + 2s (userspace) = 3s.\n`
  const dir = workshop()
  const root = plant(`${dir}/sosreport-vm7`, {
    'var/log/messages':
      boot('02', '5.14.0-284.el9.x86_64') + boot('03', '5.14.0-362.el9.x86_64').replace(/.*Linux version.*\n/, ''),
    'etc/hostname': 'vm7\n',
    'etc/os-release': '→ ../usr/lib/os-release',
    'usr/lib/os-release': 'NAME="Red Hat Enterprise Linux"\nPRETTY_NAME="Red Hat Enterprise Linux 9.3 (Plow)"\n',
    'sos_commands/kernel/uname_-a': 'Linux vm7 5.14.0-362.el9.x86_64 #1 SMP PREEMPT_DYNAMIC x86_64 GNU/Linux\n',
  })
  for (const path of [root, archive(root, 'tar.xz')]) {
    const { report } = await analyze([path], { timezone: 'UTC', now: NOW })
    expect(report.coverage.hosts.flatMap(({ boots }) => boots.map(({ kernel, os }) => [kernel, os]))).toEqual([
      ['5.14.0-284.el9.x86_64', null],
      ['5.14.0-362.el9.x86_64', 'Red Hat Enterprise Linux 9.3 (Plow)'],
    ])
  }
})
