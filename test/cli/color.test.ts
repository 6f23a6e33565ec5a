import { expect, test } from 'vitest'
import { colored } from '../../src/cli/color.ts'

test.each([
  [undefined, true, {}, true],
  ['auto', true, {}, true],
  ['auto', false, {}, false],
  ['auto', true, { NO_COLOR: '1' }, false],
  ['auto', true, { NO_COLOR: '' }, true],
  ['auto', true, { TERM: 'dumb' }, false],
  ['always', false, { NO_COLOR: '1', TERM: 'dumb' }, true],
  ['never', true, {}, false],
] as const)('--color %s, terminal %s, %j: %s', (wanted, output, env, expected) => {
  expect(colored(wanted, { output, env })).toBe(expected)
})
