import { expect, test } from 'vitest'
import type { Command } from '../../src/cli/command.ts'
import { analyze } from '../../src/cli/commands/analyze.ts'
import { carve } from '../../src/cli/commands/carve.ts'
import { entries } from '../../src/cli/commands/entries.ts'
import { commands } from '../../src/cli/commands/registry.ts'
import { flags, spelling } from '../../src/cli/flags.ts'
import { inquest } from './command.ts'

test.each([
  ['--help'],
  ['-h'],
  ['help'],
  ['analyze', '--help'],
  ['fleet', '--help'],
  ['fleet', 'run', '-h'],
  ['fleet', 'report', '-h'],
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
  for (const name of analyze.flags.filter(each => each !== 'follow' && each !== 'plain')) expect(out).toContain(spelling(name))
  // Which forms there are is the registry's matter.
  expect(out.replace(/(--format <FORM> +).*/, '$1…')).toMatchSnapshot()
})

test('every flag is told in the help of some command', () => {
  const told = (command: Command): string[] => [...command.flags, ...(command.commands ?? []).flatMap(told)]
  expect(Object.keys(flags).filter(name => !commands.flatMap(told).includes(name))).toEqual([])
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
