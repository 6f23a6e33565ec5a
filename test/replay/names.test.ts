import { describe, expect, it } from 'vitest'
import { eventsOf } from './signals.ts'

function unitsOf(lines: Parameters<typeof eventsOf>[0]) {
  return eventsOf(lines).map(event => event.unit)
}

describe('which unit a description means', () => {
  it('takes the UNIT= field', () => {
    expect(unitsOf([{ name: 'unit.started', values: { name: 'Search indexer' }, subject: 'indexer.service' }])).toEqual([
      'indexer.service',
    ])
  })

  it('takes the id out of "id - description", and knows the description from then on', () => {
    const lines = [
      { name: 'unit.started', values: { name: 'indexer.service - Search indexer' } },
      { name: 'unit.stopping', values: { name: 'Search indexer' } },
    ]
    expect(unitsOf(lines)).toEqual(['indexer.service', 'indexer.service'])
  })

  it('learns from the neighbouring line of the same unit, also for lines before it', () => {
    const lines = [
      { name: 'unit.started', values: { name: 'Search indexer' } },
      { name: 'unit.deactivated', values: { unit: 'indexer.service' } },
      { name: 'unit.stopped', values: { name: 'Search indexer' } },
    ]
    expect(unitsOf(lines)).toEqual(['indexer.service', 'indexer.service', 'indexer.service'])
  })

  it('does not learn across a line of another unit', () => {
    const lines = [
      { name: 'unit.deactivated', values: { unit: 'a.service' } },
      { name: 'unit.starting', values: { name: 'b.service' } },
      { name: 'unit.stopped', values: { name: 'Something' } },
    ]
    expect(unitsOf(lines)[2]).toBeNull()
  })

  it('leaves a description open when two units answer to it equally', () => {
    const lines = [
      { name: 'unit.deactivated', values: { unit: 'a.service' } },
      { name: 'unit.stopped', values: { name: 'Worker' } },
      { name: 'unit.deactivated', values: { unit: 'b.service' } },
      { name: 'unit.stopped', values: { name: 'Worker' } },
    ]
    expect(unitsOf(lines)[1]).toBeNull()
  })

  it('knows the descriptions of units that ship with an alias', () => {
    expect(unitsOf([{ name: 'unit.started', values: { name: 'System Logging Service' } }])).toEqual(['rsyslog.service'])
  })
})
