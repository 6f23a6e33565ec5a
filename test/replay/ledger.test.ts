import { expect, test } from 'vitest'
import { type Line, ledgerOf } from './signals.ts'

/** A sender is refused once a second, among others' lines that fill the page several times over. */
function stormAmong(others: number, every: number): Line[] {
  return Array.from(
    { length: others },
    (_, nth): Line =>
      nth % every === 0
        ? { name: 'bus.rejected', values: { sender: 'x' }, fold: ['sender'], at: nth / every }
        : { name: 'unit.started', values: { unit: `u${nth}.service` }, at: nth / every },
  )
}

test('a storm keeps its whole count where the rest of its page is thinned out', () => {
  const [page] = ledgerOf(stormAmong(70_000, 50)).all()
  expect(page?.folded.get('unit.started')).toBeGreaterThan(30_000)
  expect(page?.signals.length).toBeLessThanOrEqual(30_000)
  expect(page?.signals.filter(({ name }) => name === 'bus.rejected').map(({ count }) => count)).toEqual([1400])
})
