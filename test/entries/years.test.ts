import { describe, expect, it } from 'vitest'
import { readText } from '../formats/fixture.ts'

const now = new Date('2026-03-05T12:00:00Z')

/** The settled times of a syslog of these stamps. */
async function stamps(lines: readonly string[], options = {}): Promise<(string | null)[]> {
  const { entries, reading } = await readText(lines.map(line => `${line} h a[1]: x\n`).join(''), { now, ...options })
  return entries.map(entry => {
    const { time } = reading.settle({ host: entry.host, boot: entry.boot, time: entry.time, input: '-' })
    return time === null ? null : new Date(time / 1000).toISOString().slice(0, 19)
  })
}

describe('the year of stamps that state none', () => {
  it('is the latest that lies not in the future', async () => {
    expect(await stamps(['Mar  2 02:30:41'])).toEqual(['2026-03-02T02:30:41'])
    expect(await stamps(['Mar  7 02:30:41', 'Mar  7 02:31:00'])).toEqual(['2025-03-07T02:30:41', '2025-03-07T02:31:00'])
  })

  it('a day ahead is a clock that runs fast', async () => {
    expect(await stamps(['Mar  6 02:30:41'])).toEqual(['2026-03-06T02:30:41'])
  })

  it('is left alone where it is stated, even in the future: a wrong clock is a fact', async () => {
    expect(await stamps(['2027-04-06T02:30:41+00:00', '2027-04-06T02:30:42+00:00'])).toEqual([
      '2027-04-06T02:30:41',
      '2027-04-06T02:30:42',
    ])
  })

  it('changes at New Year', async () => {
    expect(await stamps(['Dec 31 23:59:59', 'Jan  1 00:00:01', 'Feb  3 01:01:01'])).toEqual([
      '2025-12-31T23:59:59',
      '2026-01-01T00:00:01',
      '2026-02-03T01:01:01',
    ])
  })

  it('of the first lines is set right when the last ones show that it was taken too late', async () => {
    expect(await stamps(['Feb  3 10:00:00', 'Dec 31 23:59:59', 'Jan  1 00:00:01', 'Feb 28 01:01:01', 'Sep 30 00:00:00'])).toEqual(
      ['2024-02-03T10:00:00', '2024-12-31T23:59:59', '2025-01-01T00:00:01', '2025-02-28T01:01:01', '2025-09-30T00:00:00'],
    )
  })

  it('is not upset by lines out of order around New Year', async () => {
    expect(await stamps(['Dec 31 23:59:59', 'Jan  1 00:00:00', 'Dec 31 23:59:58', 'Jan  1 00:00:01'])).toEqual([
      '2025-12-31T23:59:59',
      '2026-01-01T00:00:00',
      '2025-12-31T23:59:58',
      '2026-01-01T00:00:01',
    ])
  })

  it('is not upset by a boot without a clock, which begins in January', async () => {
    const got = await stamps(['Feb 27 10:00:00', 'Feb 28 10:00:00', 'Jan  1 00:00:03', 'Feb 28 10:01:00', 'Mar  1 10:00:00'])
    expect(got.filter(stamp => stamp?.startsWith('2026')).length).toBe(5)
    const autumn = await stamps(['Nov 27 10:00:00', 'Jan  1 00:00:03', 'Nov 27 10:01:00', 'Nov 27 10:02:00'])
    expect([autumn[0], autumn[2], autumn[3]]).toEqual(['2025-11-27T10:00:00', '2025-11-27T10:01:00', '2025-11-27T10:02:00'])
  })

  it('has a 29 February where one is seen', async () => {
    expect(await stamps(['Feb 29 10:00:00'])).toEqual(['2024-02-29T10:00:00'])
    expect(await stamps(['Feb 28 10:00:00', 'Feb 29 10:00:00', 'Mar  1 10:00:00'])).toEqual([
      '2024-02-28T10:00:00',
      '2024-02-29T10:00:00',
      '2024-03-01T10:00:00',
    ])
  })

  it('is what --year says of the first line', async () => {
    expect(await stamps(['Dec 31 23:59:59', 'Jan  1 00:00:01'], { year: 2019 })).toEqual([
      '2019-12-31T23:59:59',
      '2020-01-01T00:00:01',
    ])
  })

  it('fits the weekday where one is printed', async () => {
    expect(await stamps(['Sun Mar  2 02:30:41'])).toEqual(['2025-03-02T02:30:41'])
  })

  it('is near a time that the same log states', async () => {
    expect(await stamps(['2019-05-06T22:54:15+00:00', 'May  6 22:54:16'])).toEqual(['2019-05-06T22:54:15', '2019-05-06T22:54:16'])
  })

  it('a day that no calendar has gives no time, and the line is read all the same', async () => {
    expect(await stamps(['Feb 31 10:00:00', 'Mar  2 25:00:00'])).toEqual([null, null])
  })
})

describe('the zone of stamps that state none', () => {
  it('is what --timezone says, with its summer time', async () => {
    const options = { timezone: 'Europe/Berlin', now: new Date('2026-08-01T00:00:00Z') }
    expect(await stamps(['Mar  2 02:30:41', 'Jul  2 02:30:41'], options)).toEqual(['2026-03-02T01:30:41', '2026-07-02T00:30:41'])
    expect(await stamps(['Mar  2 02:30:41'], { timezone: '+05:30' })).toEqual(['2026-03-01T21:00:41'])
  })

  it('does not touch stamps that state their offset', async () => {
    const lines = [
      '2026-03-02T02:30:41+0530',
      '2026-03-02T02:30:41.5Z',
      'Mon 2026-03-02 02:30:41 UTC',
      'Mon 2026-03-02 02:30:41 CET',
    ]
    expect(await stamps(lines, { timezone: 'Europe/Berlin' })).toEqual([
      '2026-03-01T21:00:41',
      '2026-03-02T02:30:41',
      '2026-03-02T02:30:41',
      '2026-03-02T01:30:41',
    ])
  })

  it("that does not exist is the user's to change", async () => {
    await expect(async () => stamps(['Mar  2 02:30:41'], { timezone: 'Mars/Olympus' })).rejects.toThrow(/no such time zone/)
  })
})

describe('times at the edge', () => {
  it('1970 and 2106 are read as they stand, with their microseconds', async () => {
    const { entries } = await readText('0000000012.000001 h a[1]: x\n4294967295.999999 h a[1]: y\n')
    expect(entries.map(entry => entry.time)).toEqual([12_000_001, 4_294_967_295_999_999])
  })
})
