import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commands } from '../../src/cli/commands/registry.ts'
import { type FlagName, flags, spelling } from '../../src/cli/flags.ts'
import { folder, inquest, shell } from './command.ts'

const script = (name: string): string => inquest(['completion', name]).out

writeFileSync(join(folder, 'inquest.bash'), script('bash'))
writeFileSync(join(folder, 'some log.json'), '')

/** What bash offers for the last word. */
function offered(...words: string[]): string[] {
  const list = words.map(word => `'${word}'`).join(' ')
  const { out, err } = shell(
    `source ./inquest.bash; complete -p inquest >&2; compopt() { :; }; COMP_WORDS=(inquest ${list}); COMP_CWORD=${words.length}; _inquest; printf '%s\\n' "\${COMPREPLY[@]}"`,
  )
  expect(err).toBe('complete -F _inquest inquest\n')
  return out.split('\n').filter(Boolean)
}

describe('bash offers', () => {
  test.each([
    [['ru'], ['rules']],
    [['rules', 'l'], ['list']],
    [['rules', 'show', 'mount'], ['mount-storm']],
    [['analyze', '--only', 'bus'], ['bus-overflow']],
    [
      ['--color', ''],
      ['auto', 'always', 'never'],
    ],
    [['--color', '=', 'al'], ['always']],
    [['some.log', '--min-confidence', 'st'], ['strong']],
    [
      ['--input-format', 'short-iso'],
      ['short-iso', 'short-iso-precise'],
    ],
    [['--timezone', 'Europe/Berl'], ['Europe/Berlin']],
    [['--min'], ['--min-confidence']],
    [['some'], ['some log.json']],
    [['-o', 'some'], ['some log.json']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['rules', 'list', '--w'], ['--width']],
  ])('%j: %j', (words, expected) => {
    expect(offered(...words)).toEqual(expected)
  })
})

test.each(['bash', 'zsh', 'fish'])('every command and every flag that is there is in the script of %s', name => {
  const text = script(name)
  for (const command of commands) expect(text).toContain(command.name)
  for (const flag of (Object.keys(flags) as FlagName[]).filter(each => each !== 'follow' && each !== 'plain')) {
    // its keys are the names
    expect(text).toContain(name === 'fish' ? ` -l ${spelling(flag).slice(2)}` : spelling(flag))
  }
  expect(text).not.toContain('follow')
  expect(text).not.toMatch(/--plain|-l plain/)
})
