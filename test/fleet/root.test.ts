/** A machine's root among a fleet's logs: known by its content, and whose it is by its own files, none of them outside it. */
import { chmodSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rootContent, rootVoices } from '../../src/fleet/find/root.ts'
import { plant, workshop } from '../where/trees.ts'

const dir = workshop()
let made = 0
const rootOf = (files: Record<string, string>): string =>
  plant(join(dir, `root-${++made}`), { 'var/log/messages': 'a line\n', ...files })

describe('its content', () => {
  test('is that of its logs, unit files and names, whatever their times; and nothing else counts', () => {
    const root = rootOf({ 'etc/hostname': 'vm7\n', 'srv/data': 'much' })
    const before = rootContent(root)
    expect(before.bytes).toBe('a line\n'.length + 'vm7\n'.length)
    utimesSync(join(root, 'var/log/messages'), 1, 1)
    writeFileSync(join(root, 'srv/data'), 'more')
    expect(rootContent(root)).toEqual(before)
    for (const [path, text] of [
      ['var/log/messages', 'a line\nanother\n'],
      ['etc/hostname', 'vm8\n'],
    ] as const) {
      const kept = readFileSync(join(root, path))
      writeFileSync(join(root, path), text)
      expect(rootContent(root).content, path).not.toBe(before.content)
      writeFileSync(join(root, path), kept)
    }
    rmSync(join(root, 'etc/hostname'))
    expect(rootContent(root).content).not.toBe(before.content)
  })

  test('goes on past a file that is gone or closed', () => {
    const root = rootOf({ 'var/log/syslog': 'x\n' })
    symlinkSync('nowhere', join(root, 'var/log/gone'))
    chmodSync(join(root, 'var/log/syslog'), 0)
    expect(rootContent(root).content).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('whose it is', () => {
  const ID = '0123456789abcdef0123456789abcdef'
  test.each([
    [{ 'etc/hostname': 'vm7\n', 'etc/machine-id': `${ID}\n` }, [{ host: 'vm7', machineId: ID, boot: null }]],
    [{ 'etc/hostname': '# a note\nvm7\n', 'etc/machine-id': 'uninitialized\n' }, [{ host: 'vm7', machineId: null, boot: null }]],
    [{ 'sos_commands/host/hostname': 'vm9\n', 'etc/hostname': 'vm7\n' }, [{ host: 'vm9', machineId: null, boot: null }]],
    [{ 'etc/hostname': 'localhost\n' }, []],
    [{}, []],
  ])('%#', (files, voices) => {
    expect(rootVoices(rootOf(files))).toEqual(voices)
  })

  test('no link leads out of it', () => {
    plant(dir, { 'outside/hostname': 'not-mine\n' })
    const root = rootOf({ 'etc/hostname': `→ ${join(dir, 'outside/hostname')}`, 'etc/machine-id': '→ ../../outside/hostname' })
    expect(rootVoices(root)).toEqual([])
    const inside = rootOf({ 'etc/hostname': '→ /usr/share/name', 'usr/share/name': 'mine\n' })
    expect(rootVoices(inside)).toEqual([{ host: 'mine', machineId: null, boot: null }])
  })
})
