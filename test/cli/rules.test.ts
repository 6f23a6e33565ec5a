import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { crash, folder, inquest } from './command.ts'

const shipped = readFileSync(new URL('../../grammars/rules/mount-storm.rule', import.meta.url), 'utf8')

test('rules show prints the file as it was written', () => {
  expect(inquest(['rules', 'show', 'mount-storm']).out).toBe(`${shipped.trimEnd()}\n`)
})

test('rules list names every rule with what it may find, as wide as it is told', () => {
  const { out } = inquest(['rules', 'list', '--width', '100'])
  for (const name of ['alias-state-overwrite', 'latent [critical]', 'mount-storm', 'storm [medium]']) expect(out).toContain(name)
  expect(Math.max(...out.split('\n').map(line => line.length))).toBe(100)
})

test('rules check frames every fault, status 2; a rule without one is status 0', () => {
  writeFileSync(join(folder, 'good.rule'), shipped.replace('rule mount-storm', 'rule good'))
  writeFileSync(join(folder, 'bad.rule'), shipped.replace('rule mount-storm', 'rulle bad'))
  expect(inquest(['rules', 'check', 'good.rule'])).toMatchObject({ status: 0, err: '' })
  const bad = inquest(['rules', 'check', 'bad.rule'])
  expect(bad.status).toBe(2)
  expect(bad.out).toMatch(/error: .+\n +--> bad\.rule:\d+:\d+\n/)
  const used = inquest(['--rules', 'bad.rule', '-'], crash)
  expect([used.status, used.out]).toEqual([2, ''])
  expect(used.err).toContain(bad.out.split('\n')[0])
})

test('rules test runs the cases beside a rule; its last line counts', () => {
  const beside = join(folder, 'good.cases/nothing')
  mkdirSync(beside, { recursive: true })
  writeFileSync(join(beside, 'input.log'), crash)
  writeFileSync(join(beside, 'expected.json'), JSON.stringify({ incidents: [], absent: [] }))
  const { status, out } = inquest(['rules', 'test', 'good.rule'])
  expect(status).toBe(1)
  expect(out).toMatch(/\n0 passed, 1 failed\n$/)
})
