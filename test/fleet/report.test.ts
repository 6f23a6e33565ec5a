/** The report over a small fleet: its contract, its words, its page in a real browser, and the store's SQL as the document has it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { chromium } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { fleetForms } from '../../src/fleet/report/forms.ts'
import { fleetReports } from '../../src/fleet/report/registry.ts'
import { Database } from '../../src/fleet/store/database.ts'
import { TABLES } from '../../src/fleet/store/tables.ts'
import { folder, inquest } from '../cli/command.ts'
import { inventory, kernelOf, nameOf, writeFleet } from './fleet.ts'

const root = new URL('../../', import.meta.url).pathname
const report = (...more: string[]): string => inquest(['fleet', 'report', '--store', 'fleet.db', ...more]).out

beforeAll(() => {
  writeFleet(join(folder, 'logs'), 'files')
  // One host twice and alike, one twice and not, one without logs; one with logs is missing.
  const rows = inventory().replace('node-39,base-2026.04,3\n', '').trimEnd()
  writeFileSync(join(folder, 'inventory.csv'), `${rows}\nnode-00,base-2026.03,0\nnode-01,other,9\nnode-99,base-2026.04,3\n`)
  writeFileSync(join(folder, 'logs/empty.ndjson'), '')
  inquest(['fleet', 'run', 'logs', '--store', 'fleet.db', '--timezone', 'UTC'])
})

test('every form is listed by name', () => {
  expect(fleetReports.map(({ name }) => name)).toEqual([...fleetForms])
})

test('json is what the schema says', () => {
  const schema = JSON.parse(readFileSync(join(root, 'src/fleet/report/inquest-fleet-report-1.schema.json'), 'utf8')) as object
  const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema)
  for (const told of [report('--format', 'json'), report('--format', 'json', '--inventory', 'inventory.csv')]) {
    validate(JSON.parse(told))
    expect(validate.errors ?? []).toEqual([])
  }
})

test('text says the verdict first, and what is not known', () => {
  const text = report('--inventory', 'inventory.csv').replace(/\s+/g, ' ')
  expect(text).toMatch(
    /^Of 40 hosts read, 4 froze by alias-state-overwrite \(10\.0 %, 95 % interval 4\.0 to 23\.1 %\); 3 were latent by alias-state-overwrite \(7\.5 %, 95 % interval 2\.6 to 19\.9 %\) until that boot ended; the first at 2026-05-03 02:05:54 UTC; 1 host could not be read, 1 host of the inventory has no logs\. /,
  )
  expect(text).toContain('3 hosts were latent and have been shut down in order since: their next boot may bring it again.')
  expect(text).toContain('4 hosts whose last boot in the logs ends with PID 1 gone: node-03, node-17, node-22, node-31.')
  // The reason differs by version, and is not given for all of them.
  expect(text).toContain('carries PR #39703 and #41957 WHAT IS NOT KNOWN')
  expect(text).toContain('1 host could not be read: empty (')
  expect(text).toContain('1 host of the inventory without logs: node-99')
  expect(text).toContain('2 hosts with logs that the inventory does not have: empty, node-39')
  expect(text).toContain('1 host with contradictory rows in the inventory, left out of comparisons: node-01')
  for (const hole of ['undefined', 'NaN', '[object', 'null']) expect(text).not.toContain(hole)
})

test('what the logs tell of every host is compared like the inventory; what they tell of few is not, and that is said', () => {
  const { cohorts, hosts, shared } = JSON.parse(report('--format', 'json', '--inventory', 'inventory.csv')) as {
    cohorts: { rows: { attribute: string; value: string; with: object }[]; notCompared: { attribute: string; reason: string }[] }
    hosts: { host: string; kernel: string | null; os: string | null }[]
    shared: { attribute: string }[]
  }
  expect(hosts.find(({ host }) => host === 'node-03')).toMatchObject({ kernel: kernelOf(3), os: null })
  const kernel = cohorts.rows.find(({ attribute }) => attribute === 'kernel')
  // Of the affected, 3 and 36 have the other one.
  expect(kernel).toMatchObject({ value: '6.1.0-18-amd64', with: { affected: 5, hosts: 26 } })
  // What is compared is not said to be known of the affected alone.
  expect(new Set(shared.map(({ attribute }) => attribute))).toEqual(
    new Set(['unit', 'alias', 'reload asked for by', 'step right before the reload', 'systemd']),
  )
  expect(cohorts.rows[0]).toMatchObject({ attribute: 'image', value: 'base-2026.04' })
  expect(new Map(cohorts.notCompared.map(({ attribute, reason }) => [attribute, reason]))).toEqual(
    new Map([
      ['systemd', expect.stringMatching(/^the logs tell it for \d of 40 hosts only/)],
      ['OS release', 'no log tells it'],
    ]),
  )
})

test('a column of the inventory that is called like what the logs tell is kept apart from it', () => {
  writeFileSync(
    join(folder, 'kernels.csv'),
    `host,kernel\n${Array.from({ length: 40 }, (_, index) => `${nameOf(index)},${index < 20 ? 'old' : 'new'}`).join('\n')}\n`,
  )
  const { cohorts } = JSON.parse(report('--format', 'json', '--inventory', 'kernels.csv')) as {
    cohorts: { rows: { attribute: string; with: { hosts: number }; without: { hosts: number } }[] }
  }
  const told = cohorts.rows.map(row => [row.attribute, row.with.hosts + row.without.hosts])
  expect(told.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))).toEqual([
    ['kernel', 40],
    ['kernel (inventory)', 40],
  ])
})

test('csv has a line a host, and no cell that a spreadsheet would run', () => {
  const lines = report('--format', 'csv', '--inventory', 'inventory.csv').trimEnd().split('\r\n')
  expect(lines).toHaveLength(42)
  expect(lines[0]).toMatch(/^host,machine_id,read,.*,image,ring$/)
  expect(lines.filter(line => line.includes(',froze,'))).toHaveLength(4)
})

test('an inventory that cannot be used is told in a sentence', () => {
  writeFileSync(join(folder, 'other.csv'), 'a,b\n1,2\n')
  const ran = inquest(['fleet', 'report', '--store', 'fleet.db', '--inventory', 'other.csv'])
  expect(ran).toMatchObject({ status: 2, out: '' })
  expect(ran.err).toContain('other.csv: has no column host')
  expect(inquest(['fleet', 'report', '--store', 'fleet.db', '--inventory', 'gone.csv']).err).toContain('there is no such file')
})

test('docs/fleet.md names every table, as it is', () => {
  const document = readFileSync(join(root, 'docs/fleet.md'), 'utf8')
  for (const { name, about } of TABLES) expect(document).toContain(`| \`${name}\` | ${about} |`)
})

test("the guide's SQL runs and answers", async () => {
  const guide = readFileSync(join(root, 'GUIDE.md'), 'utf8')
  const queries = [...guide.matchAll(/```sql\n([^`]+)```/g)].map(([, sql = '']) => sql)
  expect(queries.length).toBeGreaterThan(6)
  const database = await Database.open(join(folder, 'fleet.db'), 'read')
  const answers: number[] = []
  for (const sql of queries)
    answers.push((await database.rows(sql.replace('incidents.parquet', join(folder, 'incidents.parquet')))).length)
  database.close()
  // No log of this fleet is damaged: that question alone has no answer.
  const silent = queries.filter((_, index) => answers[index] === 0)
  expect(silent.every(sql => sql.includes('FROM problems'))).toBe(true)
  expect(existsSync(join(folder, 'incidents.parquet'))).toBe(true)
})

test('the page opens without a network and an error, shows the numbers, filters and sorts', async () => {
  writeFileSync(join(folder, 'fleet.html'), report('--format', 'html', '--inventory', 'inventory.csv'))
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    const faults: string[] = []
    page.on('pageerror', error => faults.push(error.message))
    page.on('console', said => faults.push(said.text()))
    page.on('request', request => {
      if (!request.url().startsWith('file:')) faults.push(request.url())
    })
    await page.goto(`file://${join(folder, 'fleet.html')}`)
    expect(await page.locator('.tile b').allTextContents()).toEqual(['4', '3', '40', '1', '1'])
    expect(await page.locator('svg rect').count()).toBeGreaterThan(3)
    for (const link of await page.locator('nav a').all())
      expect(await page.locator((await link.getAttribute('href')) ?? '').count(), (await link.textContent()) ?? '').toBe(1)
    expect(await page.locator('nav').textContent()).toMatch(/Who is next \(3\)\s*Who is down \(4\)/)
    expect(await page.title()).toBe('4 of 40 hosts froze: inquest fleet report')
    // Bars are compared over both columns.
    const bars = await page.locator('.bar').evaluateAll(all => all.map(bar => bar.clientWidth))
    expect(new Set(bars).size).toBe(1)
    const shown = () => page.locator('#hosts tbody tr:visible').count()
    expect(await shown()).toBe(41)
    await page.selectOption('#kind', 'froze')
    expect(await shown()).toBe(4)
    await page.fill('#words', 'NODE-17')
    expect(await shown()).toBe(1)
    expect(await page.textContent('#count')).toBe('1 of 41 hosts shown')
    const timeline = page.locator('#hosts tr:visible ol')
    expect(await timeline.isVisible()).toBe(false)
    const columns = () => page.locator('#hosts th').evaluateAll(all => all.map(head => Math.round(head.clientWidth)))
    const before = await columns()
    await page.locator('#hosts summary:visible').click()
    expect(await timeline.isVisible()).toBe(true)
    expect((await timeline.boundingBox())?.width).toBeGreaterThan(700)
    // A story that is opened does not push the columns about.
    expect(await columns()).toEqual(before)
    await page.fill('#words', '')
    await page.selectOption('#kind', '')
    await page.locator('#hosts th', { hasText: 'host' }).click()
    await page.locator('#hosts th', { hasText: 'host' }).click()
    expect(await page.locator('#hosts tbody tr').first().locator('td').first().textContent()).toContain('node-39')
    // On paper: those with a finding, and the one that could not be read.
    await page.emulateMedia({ media: 'print' })
    expect(await shown()).toBe(8)
    expect(faults).toEqual([])
  } finally {
    await browser.close()
  }
})
