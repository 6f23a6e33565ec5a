import { expect, it } from 'vitest'
import { readText } from './fixture.ts'

it('takes six digits for microseconds, and nothing else that a number may look like', async () => {
  const { entries } = await readText(
    'Mar 02 02:30:41.203950 vm-web-07 app[7]: fine\nMar 02 02:30:41.1e9999 vm-web-07 app[7]: damaged\n',
  )
  expect(entries.map(({ time }) => time === null || Number.isFinite(time))).toEqual([true, true])
})
