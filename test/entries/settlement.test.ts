import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readAll } from '../formats/fixture.ts'

const dir = mkdtempSync(join(tmpdir(), 'inquest-settlement-'))
afterAll(() => rmSync(dir, { recursive: true }))

const [FIRST, SECOND] = ['a'.repeat(32), 'b'.repeat(32)]
const json = (boot: string, second: number) =>
  JSON.stringify({
    __REALTIME_TIMESTAMP: String(1_772_418_600_000_000 + second * 1e6),
    _BOOT_ID: boot,
    _HOSTNAME: 'h',
    MESSAGE: 'x',
  })
const line = (second: number) =>
  `Mar  2 02:${String(30 + Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')} h cron[1]: x\n`

async function settled(journal: string[], text: string) {
  writeFileSync(join(dir, 'journal'), `${journal.join('\n')}\n`)
  writeFileSync(join(dir, 'messages'), text)
  const { entries, reading } = await readAll([join(dir, 'messages'), join(dir, 'journal')])
  const boots = entries
    .filter(({ ref }) => ref.input.endsWith('messages'))
    .map(({ host, boot, time, ref }) => reading.settle({ host, boot, time, input: ref.input }).boot[0])
  return { boots: boots.join(''), coverage: reading.coverage().hosts[0]?.boots ?? [] }
}

describe("a text log through several of the journal's boots", () => {
  const journal = [json(FIRST, 0.5), json(FIRST, 20.5), json(SECOND, 100.5), json(SECOND, 120.5)]

  it('has each line in the boot that had begun, and widens neither into the other', async () => {
    const { boots, coverage } = await settled(journal, [1, 20, 40, 100, 119, 130].map(line).join(''))
    expect(boots).toBe('aaabbb')
    expect(coverage.map(({ id, first, last }) => [id[0], first?.slice(14, 19), last?.slice(14, 19)])).toEqual([
      ['a', '30:00', '30:20'],
      ['b', '31:40', '32:10'],
    ])
  })

  it('in one of them is all there', async () => {
    expect((await settled(journal, [100, 101].map(line).join(''))).boots).toBe('bb')
  })
})
