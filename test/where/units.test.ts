import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileTree } from '../../src/bytes/file-tree.ts'
import { Root } from '../../src/where/root.ts'
import { parseUnitFile, wordsOf } from '../../src/where/unit-file.ts'
import { unitFilesOf } from '../../src/where/units.ts'
import { plant, workshop } from './trees.ts'

const dir = workshop()
let made = 0
const unitsOf = (files: Record<string, string>) => unitFilesOf(new Root(fileTree(plant(join(dir, String(++made)), files)), ''))

describe('a unit file', () => {
  it('has sections, comments, and lines that go on', () => {
    const text =
      '# c\n[Unit]\nAfter=a.service \\\n# within\n  b.service\n;x=y\n\n[Install]\n Alias = one.service\nAlias=\nAlias=two.service three.service\nwords\n'
    const found = parseUnitFile(text)
    expect(found[0]).toEqual({ section: 'Unit', key: 'After', value: 'a.service  b.service', line: 3 })
    expect(wordsOf(found, 'Unit', 'After').map(({ word }) => word)).toEqual(['a.service', 'b.service'])
    expect(wordsOf(found, 'Install', 'Alias')).toEqual([
      { word: 'two.service', line: 11 },
      { word: 'three.service', line: 11 },
    ])
  })

  it('may hold anything', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('[', ']', '=', '\\', '\n', '#', ';', ' ', 'A', 'é'), maxLength: 80 }),
        text => {
          const lines = text.split('\n').length
          for (const { key, line } of parseUnitFile(text)) expect(key !== '' && line >= 1 && line <= lines).toBe(true)
        },
      ),
      { numRuns: 3000 },
    )
  })
})

describe('the unit files of a root', () => {
  it('tell aliases: links on the disk, Alias= lines, and not what only looks like one', () => {
    const { links, declared } = unitsOf({
      'usr/lib/systemd/system/rsyslog.service': '[Install]\nAlias=syslog.service\n',
      'usr/lib/systemd/system/getty@.service': '',
      'etc/systemd/system/syslog.service': '→ /usr/lib/systemd/system/rsyslog.service',
      'etc/systemd/system/masked.service': '→ /dev/null',
      'etc/systemd/system/own.service': '→ /opt/own/own.service',
      'etc/systemd/system/getty@tty1.service': '→ /usr/lib/systemd/system/getty@.service',
      'etc/systemd/system/multi-user.target.wants/rsyslog.service': '→ /usr/lib/systemd/system/rsyslog.service',
    })
    expect(links.map(({ alias, unit, path }) => [alias, unit, path])).toEqual([
      ['syslog.service', 'rsyslog.service', 'etc/systemd/system/syslog.service'],
    ])
    expect(links[0]?.made).toBeGreaterThan(0)
    expect(declared).toEqual([
      { alias: 'syslog.service', unit: 'rsyslog.service', at: { path: 'usr/lib/systemd/system/rsyslog.service', line: 2 } },
    ])
  })

  it('tell who names a name that has no file: sockets, dependencies, drop-ins, wants', () => {
    const { pins } = unitsOf({
      'lib/systemd/system/syslog.socket': '[Socket]\nListenDatagram=/x\n',
      'lib/systemd/system/other.socket': '[Socket]\nService=search.service\n',
      'lib/systemd/system/many.socket': '[Socket]\nAccept=yes\n',
      'lib/systemd/system/real.socket': '',
      'lib/systemd/system/real.service': '[Service]\nSockets=gone.socket\n',
      'etc/systemd/system/real.service.d/more.conf': '[Unit]\nAfter=db.service real.socket\n',
      'run/systemd/system/multi-user.target.wants/lost.service': '→ ../lost.service',
    })
    expect(pins.map(({ name, by, how }) => `${by} ${how} ${name}`).sort()).toEqual([
      'multi-user.target wants/ lost.service',
      'other.socket Service= search.service',
      'real.service After= db.service',
      'real.service Sockets= gone.socket',
      'syslog.socket its name syslog.service',
    ])
  })

  it('of the same name count once, the nearest to the administrator; merged folders are one', () => {
    const { declared } = unitsOf({
      'usr/lib/systemd/system/a.service': '[Install]\nAlias=old.service\n',
      lib: '→ usr/lib',
      'etc/systemd/system/a.service': '[Install]\nAlias=new.service\n',
    })
    expect(declared.map(({ alias }) => alias)).toEqual(['new.service'])
  })
})
