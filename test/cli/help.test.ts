import { expect, test } from 'vitest'
import { analyze } from '../../src/cli/commands/analyze.ts'
import { carve } from '../../src/cli/commands/carve.ts'
import { entries } from '../../src/cli/commands/entries.ts'
import { spelling } from '../../src/cli/flags.ts'
import { inquest } from './command.ts'

test.each([
  ['--help'],
  ['-h'],
  ['help'],
  ['analyze', '--help'],
  ['rules', '--help'],
  ['image', '--help'],
  ['image', 'extract', '--help'],
  ['rules', 'list', '-h'],
  ['completion', '-h'],
])('help of %s %s fits every terminal', (...args) => {
  const { status, out, err } = inquest(args)
  expect([status, err]).toEqual([0, ''])
  expect(out.split('\n').filter(line => line.length > 80)).toEqual([])
})

test('inquest --help', () => {
  const { out } = inquest(['--help'])
  for (const name of analyze.flags.filter(each => each !== 'follow')) expect(out).toContain(spelling(name))
  // Which forms there are is the registry's matter.
  expect(out.replace(/(--format <FORM> +).*/, '$1…')).toMatchSnapshot()
})

test.each([entries, carve])('inquest $name --help', ({ name, flags }) => {
  const { out } = inquest([name, '--help'])
  for (const flag of flags) expect(out).toContain(spelling(flag))
})

test('help of a command below another', () => {
  expect(inquest(['rules', '--help']).out).toMatchSnapshot()
})

test('the version', () => {
  expect(inquest(['--version']).out).toMatch(/^\d+\.\d+\.\d+(?:-dev)?\n$/)
})
