/** What was passed over of a boot's lines, by the own walk and by others ahead of it, is one count. */
import { expect, test } from 'vitest'
import type { Segment } from '../../src/entries/boots.ts'
import { Known } from '../../src/entries/known.ts'
import type { Count, Pid1Line } from '../../src/scan/walk.ts'

const segment = { id: 'boot-1' } as Segment // nothing here looks into it

const countOf = (entries: number, first: number, last: number, who: string): Count => ({
  entries,
  first,
  last,
  lastSeq: entries - 1,
  pid1: 1,
  words: new Map([[who, { time: last, mono: null, seq: entries - 1 }]]),
})

const lineOf = (seq: number, time: number, uptime: number | null): Pid1Line => ({
  bytes: Buffer.alloc(0),
  line: 1,
  seq,
  time,
  uptime,
})

test('counts from several beginnings are joined, and told once', () => {
  const known = new Known('vm', segment)
  known.add(countOf(10, 5, 50, 'app'), 100, 1000)
  known.add(countOf(20, 1, 90, 'cron'), 200, 2000)
  const told = known.take(countOf(3, 3500, 3600, 'app'))
  expect(told?.count).toMatchObject({ entries: 33, pid1: 3, first: 1005, last: 3600, lastSeq: 219 })
  // The own walk numbers from the input's beginning on: what it heard first is no later word.
  expect([...(told?.count.words ?? [])].map(([who, { time, seq }]) => [who, time, seq])).toEqual([
    ['app', 1050, 109],
    ['cron', 2090, 219],
  ])
  expect(known.take(null)).toBeNull()
})

test.each([
  ['the later uptime', lineOf(1, 10, 9), lineOf(2, 20, 8), 1],
  ['without uptime the later time', lineOf(1, 20, null), lineOf(2, 10, null), 1],
  ['of equals the second', lineOf(1, 10, null), lineOf(2, 10, null), 2],
])("PID 1's last line is that with %s", (_, one, other, seq) => {
  const known = new Known('vm', segment)
  for (const line of [one, null, other]) known.speak(line)
  expect(known.pid1?.seq).toBe(seq)
})
