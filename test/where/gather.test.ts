import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { archive, found, plant, run, workshop } from './trees.ts'

const dir = workshop()
const LINE = 'Nov 24 01:51:19 h systemd[1]: Reloading.\n'
let made = 0
const fresh = () => join(dir, `tree${++made}`)

const ROOT = {
  'etc/hostname': 'node7\n',
  'var/log/messages': LINE,
  'var/log/messages-20261101.xz': run('xz', ['-c'], { input: LINE }),
  'var/log/syslog.2.gz': gzipSync(LINE),
  'var/log/kern.log.1': LINE,
  'var/log/cloud-init-output.log': 'Created symlink a\n',
  'var/log/serial-console.log': LINE,
  'var/log/dpkg.log': '2026-11-24 01:00:00 install x\n',
  'var/log/nginx/access.log': '1.2.3.4 GET /\n',
  'var/log/journal/0123456789abcdef0123456789abcdef/system.journal': 'LPKSHHRH',
  'var/log/journal/0123456789abcdef0123456789abcdef/system@a.journal~': 'LPKSHHRH',
  'run/log/journal/0123456789abcdef0123456789abcdef/system.journal': 'LPKSHHRH',
}

const IN_ROOT = [
  'journal :run/log/journal/0123456789abcdef0123456789abcdef/system.journal',
  'journal :var/log/journal/0123456789abcdef0123456789abcdef/system.journal',
  'journal :var/log/journal/0123456789abcdef0123456789abcdef/system@a.journal~',
  'log :var/log/cloud-init-output.log of node7',
  'log :var/log/kern.log.1 of node7',
  'log :var/log/messages of node7',
  'log :var/log/messages-20261101.xz of node7',
  'log :var/log/serial-console.log of node7',
  'log :var/log/syslog.2.gz of node7',
]

describe("a machine's root", () => {
  const root = plant(fresh(), ROOT)

  it("holds the journal's files and the system's logs, and other programs' own logs are left alone", async () => {
    expect(await found(root)).toEqual(IN_ROOT)
  })

  it.each(['tar', 'tar.gz', 'tar.xz', 'tar.zst', 'zip'] as const)('is the same in a %s', async ending => {
    expect((await found(archive(root, ending))).sort()).toEqual(IN_ROOT)
  })

  it('may lie deeper: a zip of inspected disks, a folder of several machines', async () => {
    const two = plant(fresh(), {
      'device_0/var/log/syslog': LINE,
      'device_1/var/log/messages': LINE,
      'device_1/etc/hostname': 'b\n',
    })
    expect(await found(archive(two, 'zip'))).toEqual(['log :device_0/var/log/syslog', 'log :device_1/var/log/messages of b'])
  })

  it('has what was saved beside it', async () => {
    const both = plant(fresh(), {
      'mnt/etc/hostname': 'node7\n',
      'mnt/var/log/syslog': LINE,
      'serial.log': LINE,
      'mnt/x.log': LINE,
    })
    expect(await found(both)).toEqual(['log :mnt/var/log/syslog of node7', 'maybe :serial.log of node7'])
  })

  it('may be its /var/log alone', async () => {
    const logs = plant(fresh(), { wtmp: '', messages: LINE, 'apt/history.log': 'x\n', 'journal/x/system.journal': 'LPKSHHRH' })
    expect(await found(logs)).toEqual(['journal :journal/x/system.journal', 'log :messages'])
  })
})

it('a sosreport gives its host; what is a link there is read, and a tail is known to have lost its head', async () => {
  const sos = plant(fresh(), {
    'sos/hostname': '→ sos_commands/host/hostname',
    'sos/sos_commands/host/hostname': 'node9\n',
    'sos/sos_commands/logs/journalctl_--no-pager_--boot': '→ ../../sos_strings/logs/journalctl_--no-pager_--boot.tailed',
    'sos/sos_commands/logs/journalctl_--list-boots': '0 abc\n',
    'sos/sos_strings/logs/journalctl_--no-pager_--boot.tailed': LINE,
    'sos/sos_strings/logs/var.log.messages.tailed': LINE,
    'sos/var/log/messages': '→ ../../sos_strings/logs/var.log.messages.tailed',
  })
  const expected = [
    'headless :sos/sos_strings/logs/journalctl_--no-pager_--boot.tailed of node9',
    'headless :sos/sos_strings/logs/var.log.messages.tailed of node9',
  ]
  expect(await found(sos)).toEqual(expected)
  expect(await found(archive(sos, 'tar.xz'))).toEqual(expected)
})

describe('a folder of logs', () => {
  it('is read whole, archives in it and archives in those too', async () => {
    const inner = plant(fresh(), { 'a.log.gz': gzipSync(LINE) })
    const middle = plant(fresh(), { 'inner.tar.xz': readFileSync(archive(inner, 'tar.xz')), 'b.log': LINE })
    const outer = plant(fresh(), {
      'middle.zip': readFileSync(archive(middle, 'zip')),
      'x.tar': readFileSync(archive(inner, 'tar')),
    })
    const told = await found(outer)
    expect(told.sort()).toEqual(['maybe :middle.zip:b.log', 'maybe :middle.zip:inner.tar.xz:a.log.gz', 'maybe :x.tar:a.log.gz'])
  })

  it('of ten thousand files is read with few of them open', async () => {
    const many = fresh()
    mkdirSync(many)
    for (let index = 0; index < 10_000; index++) writeFileSync(join(many, `${index}.journal`), 'LPKSHHRH')
    const open = () => readdirSync('/proc/self/fd').length
    const before = open()
    expect(await found(many)).toHaveLength(10_000)
    expect(open() - before).toBeLessThan(80)
  })

  it('says which of its files cannot be read, and reads the rest', async () => {
    const some = plant(fresh(), { 'a.log': LINE, 'b.log': LINE })
    chmodSync(join(some, 'a.log'), 0)
    const told = await found(some)
    expect(told).toContain('maybe :b.log')
    if (process.getuid?.() !== 0) expect(told).toContain('unread :a.log permission denied')
  })

  it('may have names that are no text', async () => {
    const odd = fresh()
    mkdirSync(odd)
    writeFileSync(Buffer.concat([Buffer.from(`${odd}/n`), Buffer.from([0xff, 0xfe]), Buffer.from('.log')]), LINE)
    expect(await found(odd)).toEqual(['maybe :n\udcff\udcfe.log'])
    expect(await found(archive(odd, 'tar'))).toEqual(['maybe :n\udcff\udcfe.log'])
  })

  it('without a log says so', async () => {
    mkdirSync(join(dir, 'nothing'))
    expect(await found(join(dir, 'nothing'))).toEqual(['unread  holds no log'])
  })
})

describe('an archive with bad intent', () => {
  it('has names that lead outside: they are told and never read', async () => {
    const evil = plant(fresh(), { 'in/a.log': LINE, 'evil.log': LINE })
    const path = join(dir, 'evil.tar')
    run('tar', ['-cPf', path, 'a.log', '../evil.log'], { cwd: join(evil, 'in') })
    expect(await found(path)).toEqual([
      'unread  1 of its names lead outside the archive (../); those files were not read',
      'maybe :a.log',
    ])
  })

  it('has links out of it and in circles, a pipe, a device: none is followed or opened', async () => {
    const odd = plant(fresh(), {
      'var/log/messages': '→ ../../../../../../../etc/passwd',
      'var/log/syslog': '→ syslog',
      'var/log/secure': LINE,
    })
    run('mkfifo', [join(odd, 'var/log/daemon.log')])
    expect(await found(odd)).toEqual(['log :var/log/secure'])
    expect(await found(archive(odd, 'tar'))).toEqual(['log :var/log/secure'])
  })

  it('expands without measure: it stops at the limit, in whatever it comes', async () => {
    const zeros = Buffer.alloc(4 << 20)
    const bomb = plant(fresh(), { 'a.log': zeros })
    const limit = { bytes: 1 << 20, ratio: Number.POSITIVE_INFINITY }
    for (const ending of ['tar.gz', 'tar.xz', 'zip'] as const) {
      const told = (await found(archive(bomb, ending), limit)).join('\n')
      expect(told).toContain('expands to more than 1048576 bytes')
    }
    const file = join(dir, 'zeros.zst')
    writeFileSync(file, run('sh', ['-c', 'head -c 300M /dev/zero | zstd -cq']))
    expect((await found(file)).join('\n')).toContain('expands to more than 500 times its size, as a bomb does')
  })
})

it('texts in an archive never come to the disk: they are read where no temporary file can be made', async () => {
  const texts = archive(plant(fresh(), { 'var/log/messages': LINE.repeat(10_000), 'var/log/syslog': LINE }), 'tar.xz')
  const before = process.env.TMPDIR
  process.env.TMPDIR = join(dir, 'no-such-directory')
  try {
    expect((await found(texts)).sort()).toEqual(['log :var/log/messages', 'log :var/log/syslog'])
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
})
