import { describe, expect, it } from 'vitest'
import { eventsOf, type Line } from './signals.ts'

const message = 'rsyslog.service: Found left-over process 124 (rsyslogd) in control group while starting unit. Ignoring.'
const said = (input: string, at: number, text = message): Line => ({ name: 'leftover.found', input, at, message: text })

/** What became of it: seconds, and the inputs that tell it. */
const told = (lines: readonly Line[]) => {
  const events = eventsOf(lines)
  const start = Math.min(...events.map(({ time }) => Math.floor((time ?? 0) / 1e6)))
  return events.map(({ time, refs }) => [Math.round((time ?? 0) - start * 1e6) / 1e6, refs.map(({ input }) => input).join('+')])
}

describe('an event in the journal and in a file with whole seconds', () => {
  it("is one, at the journal's moment, whichever was read first", () => {
    const [fine, coarse] = [said('journal', 0.7), said('messages', 0)]
    expect(told([coarse, fine])).toEqual([[0.7, 'messages+journal']])
    expect(told([fine, coarse])).toEqual([[0.7, 'journal+messages']])
  })

  it('said several times in one second is matched in order, and what one log lacks stays', () => {
    const journal = [0.1, 0.4, 0.9].map(at => said('journal', at))
    const messages = [0, 0].map(at => said('messages', at))
    expect(told([...messages, ...journal])).toEqual([
      [0.1, 'messages+journal'],
      [0.4, 'messages+journal'],
      [0.9, 'journal'],
    ])
  })

  it("what only the file tells stands behind the line before it, not at its second's beginning", () => {
    const lines = [
      said('messages', 0, 'a'),
      said('messages', 0, 'only there'),
      said('journal', 0.3, 'before'),
      said('journal', 0.6, 'a'),
    ]
    expect(eventsOf(lines).map(event => event.message)).toEqual(['before', 'a', 'only there'])
  })

  it('far apart is two', () => {
    expect(told([said('journal', 0.5), said('messages', 60)])).toHaveLength(2)
  })
})
