/** The twins lie in fixtures/rules as files, so that `inquest rules test` needs no generator. WRITE_FIXTURES=1 writes them anew. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { twinFiles } from './twins.ts'

const root = new URL('../../fixtures/rules/', import.meta.url).pathname
const files = twinFiles()

test('the fixtures are what their stories say', () => {
  if (process.env.WRITE_FIXTURES) {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
  }
  const changed = files.filter(([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text)
  expect(changed.map(([path]) => path)).toEqual([])
})

test('each rule has its twins', () => {
  const kinds = ['fires', 'reversed-order', 'outside-window', 'other-boot', 'forged-speaker', 'cut-head']
  const rules = readdirSync('grammars/rules').map(name => name.replace('.rule', ''))
  const lacking = rules.flatMap(rule => kinds.filter(kind => !existsSync(join(root, rule, kind))).map(kind => `${rule}/${kind}`))
  // A left-over's reload may lie any time before it, so there is no window to be outside of.
  expect(lacking).toEqual(['leftover-process/outside-window'])
})
