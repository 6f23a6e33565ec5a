import { expect, test } from 'vitest'
import { longForm } from '../../src/cli/flag.ts'
import { flags } from '../../src/cli/flags.ts'
import { inquest } from './command.ts'

test.each([
  ['--help'],
  ['-h'],
  ['help'],
  ['analyze', '--help'],
  ['rules', '--help'],
  ['rules', 'list', '-h'],
  ['completion', '-h'],
])('help of %s %s fits every terminal', (...args) => {
  const { status, out, err } = inquest(args)
  expect([status, err]).toEqual([0, ''])
  expect(out.split('\n').filter(line => line.length > 80)).toEqual([])
})

test('inquest --help', () => {
  const { out } = inquest(['--help'])
  for (const name of Object.keys(flags).filter(each => each !== 'follow' && each !== 'plain'))
    expect(out).toContain(longForm(name))
  // Which forms there are is the registry's matter.
  expect(out.replace(/(--format <FORM> +).*/, '$1…')).toMatchSnapshot()
})

test('help of a command below another', () => {
  expect(inquest(['rules', '--help']).out).toMatchSnapshot()
})

test('the version', () => {
  expect(inquest(['--version']).out).toMatch(/^\d+\.\d+\.\d+(?:-dev)?\n$/)
})
