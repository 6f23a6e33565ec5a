/**
 * What every report over the corpus says, word for word: a change of a rule shows as a change of these files, to be read and explained.
 * `npm run golden` writes them anew.
 */
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { analyze } from '../../src/index.ts'
import { corpus, told } from './corpus.ts'

const fixtures = new URL('../../fixtures', import.meta.url).pathname

test.each([...corpus(fixtures)])('%s', async (group, cases) => {
  let text = ''
  for (const { name, paths, bytes, options } of cases) {
    const { report } = await analyze(
      paths,
      bytes ? { ...options, stdin: Readable.from([bytes], { objectMode: false }) } : options,
    )
    text += `${name}\n${told(report)}\n`
  }
  await expect(text).toMatchFileSnapshot(`../../fixtures/golden/${group}.txt`)
})
