/** The shapes in which fleets keep their logs: three hosts, kept in each, are three hosts, and what befell them is told. */
import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { folder, inquest, program, shell } from '../cli/command.ts'
import { writeJournal } from '../formats/journal-file/remote.ts'
import { lines } from '../lab.ts'
import { archive, plant } from '../where/trees.ts'
import { logOf, nameOf, runOf, truth } from './fleet.ts'

/** One that is well, one that froze, one that is latent. */
const HOSTS = [0, 3, 5]
const expected = HOSTS.map(index => [nameOf(index), truth.get(nameOf(index))])

/** As journalctl prints it, under the host's name. */
const printed = (index: number): string[] =>
  lines(runOf(index), 'short').map(line => line.replace(/^(\w{3} [ \d]\d [\d:]{8}) \S+/, `$1 ${nameOf(index)}`))
const text = (all: readonly string[]): string => `${all.join('\n')}\n`

/** As journal-upload sends it. */
const exported = (index: number): Buffer =>
  Buffer.from(
    logOf(index)
      .map(([, line]) => Object.entries(JSON.parse(line) as Record<string, unknown>))
      .map(fields =>
        text(fields.flatMap(([name, value]) => (typeof value === 'string' && !/\n/.test(value) ? `${name}=${value}` : []))),
      )
      .join('\n'),
  )

const sosreport = (index: number): Record<string, string> => ({
  'sos_commands/logs/journalctl_--no-pager': text(printed(index)),
  'sos_commands/host/hostname': `${nameOf(index)}\n`,
  'sos_commands/kernel/uname_-a': `Linux ${nameOf(index)} 6.1.0-18-amd64 #1 SMP x86_64 GNU/Linux\n`,
  'etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
})
const sosName = (index: number): string => `sosreport-${nameOf(index)}-2026-05-03-kqzvba${'abcdefg'[index]}`

/** Each writes the hosts' logs into a folder. */
const SHAPES: Record<string, (at: string) => void> = {
  'sosreports, unpacked': at => {
    for (const index of HOSTS) plant(join(at, sosName(index)), sosreport(index))
  },
  'sosreports, as they are': at => {
    for (const index of HOSTS) archive(plant(join(folder, 'unpacked', sosName(index)), sosreport(index)), 'tar.xz')
    for (const index of HOSTS) plant(at, { [`${sosName(index)}.tar.xz`]: readPacked(`unpacked/${sosName(index)}.tar.xz`) })
  },
  'an archive a host': at => {
    for (const index of HOSTS) {
      const dir = plant(join(folder, 'logs-of', nameOf(index)), { 'var/log/messages': text(printed(index)) })
      archive(dir, index === 0 ? 'zip' : 'tar.gz')
      const ending = index === 0 ? 'zip' : 'tar.gz'
      plant(at, { [`${nameOf(index)}.${ending}`]: readPacked(`logs-of/${nameOf(index)}.${ending}`) })
    }
  },
  'an archive of archives': at => {
    for (const index of HOSTS) {
      const dir = plant(join(folder, 'fleet-of', nameOf(index)), { 'var/log/messages': text(printed(index)) })
      plant(join(folder, 'fleet'), { [`${nameOf(index)}.tar.gz`]: readFileSync(archive(dir, 'tar.gz')) })
    }
    plant(at, { 'fleet.tar': readFileSync(archive(join(folder, 'fleet'), 'tar')) })
  },
  "systemd-journal-remote's files": at => {
    for (const index of HOSTS) writeJournal(join(at, `remote-10.0.0.${index}.journal`), exported(index))
  },
  'one remote.journal (SplitMode=none)': at => {
    writeJournal(join(at, 'remote.journal'), Buffer.concat(HOSTS.flatMap(index => [exported(index), Buffer.from('\n')])))
  },
  "machines' roots, mounted side by side": at => {
    for (const index of HOSTS) {
      plant(join(at, nameOf(index)), {
        'etc/hostname': `${nameOf(index)}\n`,
        'etc/os-release': 'PRETTY_NAME="Fedora Linux 39"\n',
      })
      writeJournal(join(at, nameOf(index), 'var/log/journal', 'f'.repeat(32), 'system.journal'), exported(index))
    }
  },
  'partitions by host and date': at => {
    for (const index of HOSTS) {
      const all = printed(index)
      const half = Math.floor(all.length / 2)
      const place = (date: string) => `host=${nameOf(index)}/date=${date}/part-0000.log.gz`
      plant(at, {
        [place('2026-05-02')]: gzipSync(text(all.slice(0, half))),
        [place('2026-05-03')]: gzipSync(text(all.slice(half))),
      })
    }
  },
  "an rsyslog server's folders": at => {
    for (const index of HOSTS) {
      const all = printed(index)
      const half = Math.floor(all.length / 2)
      plant(join(at, nameOf(index), '2026/05'), { '02.log': text(all.slice(0, half)), '03.log': text(all.slice(half)) })
    }
  },
}

const readPacked = (path: string): Buffer => readFileSync(join(folder, path))

interface Told {
  hosts: {
    host: string
    rule: string | null
    outcome: string | null
    fault: string | null
    os: string | null
    kernel: string | null
  }[]
}

let made = 0
function told(logs: string): Told['hosts'] {
  const store = `shape-${++made}.db`
  const ran = inquest(['fleet', 'run', logs, '--store', store, '--timezone', 'UTC', '--year', '2026', '--jobs', '1'])
  expect(ran.status, ran.err).toBe(1)
  return (JSON.parse(inquest(['fleet', 'report', '--store', store, '--format', 'json']).out) as Told).hosts
}
const found = (hosts: Told['hosts']) =>
  hosts.map(({ host, rule, outcome, fault }) => [host, fault ?? (rule ? `${rule} ${outcome}` : '')])

describe('three hosts kept as', () => {
  test.each(Object.entries(SHAPES))('%s', (name, write) => {
    const at = join(folder, name)
    mkdirSync(at, { recursive: true })
    write(at)
    const hosts = told(name)
    expect(found(hosts)).toEqual(expected)
    if (name.startsWith('sosreports')) {
      for (const host of hosts) expect(host).toMatchObject({ kernel: '6.1.0-18-amd64', os: 'Debian GNU/Linux 12 (bookworm)' })
    }
  })

  test('all of these at once are still three', () => {
    const at = join(folder, 'all')
    for (const [name, write] of Object.entries(SHAPES)) write(join(at, name.replaceAll(/\W+/g, '-')))
    expect(found(told('all'))).toEqual(expected)
  })
})

describe('what nobody may read in the midst of them', () => {
  /** root may read everything, unless that is taken from it (capabilities(7)). */
  const bound = process.getuid?.() === 0 ? 'setpriv --bounding-set=-dac_override,-dac_read_search' : ''

  test('is a row with the reason, or a part that is told; the others are told whole', () => {
    const at = join(folder, 'closed')
    for (const index of HOSTS) plant(join(at, nameOf(index)), { messages: text(printed(index)) })
    for (const host of ['file', 'folder', 'names']) plant(join(at, host), { messages: text(printed(0)) })
    plant(join(at, 'root'), { 'var/log/messages': text(printed(3).map(line => line.replace('node-03', 'root'))) })
    plant(join(at, 'root'), { 'var/log/journal/x/system.journal': '', 'etc/hostname': 'root\n' })
    chmodSync(join(at, 'file/messages'), 0)
    chmodSync(join(at, 'folder'), 0)
    chmodSync(join(at, 'names'), 0o444)
    chmodSync(join(at, 'root/var/log/journal'), 0)
    const command = `${bound} "${process.execPath}" "${program}" fleet`
    const ran = shell(
      `${command} run closed --store closed.db --timezone UTC --year 2026; ${command} report --store closed.db --format json`,
    )
    const { hosts, unknown } = JSON.parse(ran.out.slice(ran.out.indexOf('{'))) as Told & { unknown: { incomplete: string[] } }
    expect(found(hosts)).toEqual([
      ['file', 'permission denied'],
      ['folder', 'permission denied'],
      ['names', 'permission denied'],
      ...expected,
      ['root', 'alias-state-overwrite froze'],
    ])
    expect(unknown.incomplete).toEqual(['root'])
  })
})
