import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { forms } from '../../src/formats/registry.ts'
import { essence, FIXTURES, fixture, readAll, readText } from './fixture.ts'

/** `INQUEST_ACCEPT=1` writes what is read now into expected.ndjson; look at the difference before you commit it. */
const ACCEPT = process.env.INQUEST_ACCEPT === '1'

describe('every folder of fixtures/formats', () => {
  for (const name of readdirSync(FIXTURES).sort()) {
    it(`${name}: reads as expected.ndjson says`, async () => {
      const whole = await readAll([`${FIXTURES}${name}/input.log`])
      const text = essence(whole)
        .map(entry => `${JSON.stringify(entry)}\n`)
        .join('')
      if (ACCEPT) writeFileSync(`${FIXTURES}${name}/expected.ndjson`, text)
      expect(text).toBe(fixture(name, 'expected.ndjson').toString())
      expect(whole.reading.inputs[0]).toMatchObject({ complete: true, lost: 0, problems: [] })
    })
  }
})

describe('every form', () => {
  for (const form of forms) {
    it(`${form.name}: has a fixture of its own name`, async () => {
      expect(existsSync(`${FIXTURES}${form.name}/input.log`)).toBe(true)
      const { reading } = await readAll([`${FIXTURES}${form.name}/input.log`])
      expect(reading.inputs[0]?.format).toBe(form.name)
    })

    it(`${form.name}: its example reads as this form and as no other`, async () => {
      const { entries, reading } = await readText(form.example)
      expect(reading.inputs[0]).toMatchObject({ format: form.name, complete: true })
      expect(entries.some(entry => entry.message !== '')).toBe(true)
    })
  }

  it('is the file of its name, and every file that makes a form is registered', () => {
    const folder = new URL('../../src/formats/', import.meta.url)
    const makers = readdirSync(folder)
      .filter(file => file.endsWith('.ts'))
      .filter(file => / = lineForm\(|: Form = \{/.test(readFileSync(new URL(file, folder), 'utf8')))
    expect(makers.map(file => file.replace('.ts', '')).sort()).toEqual(forms.map(form => form.name).sort())
  })
})
