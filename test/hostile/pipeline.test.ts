/** The whole pipeline under bytes that nobody meant to write: no crash, no hang, no growth, nothing raw, every promise of the contract kept. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytes } from '../lab.ts'
import { damaged, hurt } from './damage.ts'
import { strangeJson } from './json-shapes.ts'
import { faultsOf, heldMemory } from './sound.ts'

const anyBytes = fc.uint8Array({ maxLength: 3000 }).map(each => Buffer.from(each))
/** More than the caches of regular expressions and compiled code take; a leak of a log a case would be far above. */
const MOST_GROWTH = 40

const said = (message: string): string => `Nov 24 01:45:41 h systemd[1]: ${message}\n`
const each = (count: number, say: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => said(say(index))).join('')
const units = (count: number): string => each(count, index => `Started unit-${index}.service - Unit ${index}.`)
const leftovers = (count: number): string =>
  each(count, index => `u-${index}.service: Found left-over process ${index} (x) in control group while starting unit. Ignoring.`)
const crash = said(
  "Assertion 's->type == SERVICE_ONESHOT' failed at src/core/service.c:3846, function service_sigchld_event(). Aborting.",
)

async function holds(input: fc.Arbitrary<Buffer>, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(input, async each => {
      expect(await faultsOf(each)).toEqual([])
    }),
    { numRuns },
  )
}

describe('a report is sound, whatever is read', () => {
  test('random bytes', () => holds(anyBytes, 1000))

  test('JSON of strange shapes', () =>
    holds(
      strangeJson.map(text => Buffer.from(text)),
      1500,
    ))

  test('JSON of strange shapes, damaged', () => holds(hurt(strangeJson.map(text => Buffer.from(text))), 500))

  test('real logs of every form, damaged', () => holds(damaged, 1500))

  test('logs of crashed machines, damaged', () => {
    const runs = ['rsyslog-kill-257', 'pid1-segv-257', 'mounts-fullqueue-252']
    const forms = ['json', 'short', 'console']
    return holds(hurt(fc.constantFrom(...runs.flatMap(run => forms.map(form => bytes(run, form))))), 60)
  })

  test('memory does not grow with the number of logs read', async () => {
    await holds(damaged, 200)
    const before = await heldMemory()
    await holds(damaged, 400)
    expect((await heldMemory()) - before).toBeLessThan(MOST_GROWTH)
  })

  // Each repeats what a reader looks for, to make it look for ever, or to use up its stack.
  test.each([
    ['a value of brackets alone', `{"MESSAGE":${'['.repeat(400_000)}${']'.repeat(400_000)}}`],
    ['objects in objects', `{"MESSAGE":"x","a":${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}}`],
    ['beginnings of records alone', `{"MESSAGE":"x"}\n{"_${'{"A'.repeat(300_000)}}`],
    ['an array that only opens', '['.repeat(1_000_000)],
    ['quotes and backslashes', `{"MESSAGE":"${'\\"'.repeat(500_000)}`],
    ['blanks', `${' '.repeat(1_000_000)}x\n`.repeat(3)],
    ['continuation lines', `Nov 24 01:45:41 h app[7]: x\n${' y\n'.repeat(300_000)}`],
    ['colours', '\x1b[31m'.repeat(200_000)],
    ['empty records', '__CURSOR=a\n\n'.repeat(100_000)],
    ['carriage returns', '\r'.repeat(1_000_000)],
    ['colons', `Nov 24 01:45:41 h systemd[1]: ${': '.repeat(500_000)}`],
    ['brackets of a name', `Nov 24 01:45:41 h ${'systemd['.repeat(130_000)}`],
    ['hole upon hole', `Nov 24 01:45:41 h systemd[1]: ${'a.service: Failed with result '.repeat(30_000)}`],
    ['crash upon crash among many units', `${units(5000)}${crash.repeat(30)}`],
    ['left-overs of many units', leftovers(2000)],
  ])('%s', async (_, text) => {
    expect(await faultsOf(Buffer.from(text))).toEqual([])
  })
})
