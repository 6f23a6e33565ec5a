/** A directory of journals of which one may not be read: the others are, and it is told. */
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { analyze } from '../../src/index.ts'
import { folder, sample } from '../formats/journal-file/samples.ts'

const made = folder()
afterAll(() => rmSync(made, { recursive: true }))

const NOBODY = 65_534

test('permission denied on one of many', async () => {
  for (const name of ['a', 'b', 'c']) writeFileSync(join(made, `${name}.journal`), sample('healthy-262'))
  chmodSync(made, 0o755)
  chmodSync(join(made, 'b.journal'), 0)
  const own = process.getuid?.() ?? NOBODY
  // Root may read everything: the files are read as nobody then.
  if (own === 0) process.seteuid?.(NOBODY)
  try {
    const { report, exitStatus, complaints } = await analyze([made])
    expect(report.inputs.filter(({ entries }) => entries > 0)).toHaveLength(1)
    expect(report.inputs.find(({ path }) => path.endsWith('b.journal'))).toMatchObject({ complete: false, entries: 0 })
    expect(complaints.join('\n')).toContain('b.journal: permission denied')
    expect(exitStatus).toBe(3)
  } finally {
    if (own === 0) process.seteuid?.(0)
  }
})
