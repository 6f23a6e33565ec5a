/** `1,600`: the same on every machine, whatever its language. */
export const amount = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',')

/** `1.8 %`; what is not nothing is not shown as nothing. */
export function percent(share: number): string {
  const value = share * 100
  if (value !== 0 && Math.abs(value) < 0.1) return `${value < 0 ? '-' : ''}<0.1 %`
  return `${value === 0 || Math.abs(value) >= 99.95 ? Math.round(value) : value.toFixed(1)} %`
}

/** `1.3 to 2.6 %` */
export const interval = (low: number, high: number): string => `${(low * 100).toFixed(1)} to ${(high * 100).toFixed(1)} %`

/** Percentage points between two shares: `+7.0 (5.4 to 8.8)`. */
export function points(difference: number, low: number, high: number): string {
  const [middle, from, to] = [difference, low, high].map(value => (value * 100).toFixed(1).replace(/^-(?=0\.0$)/, ''))
  return `${difference > 0 && middle !== '0.0' ? '+' : ''}${middle} (${from} to ${to})`
}

/** A chance: `0.030`. */
export const chance = (p: number): string => (p >= 0.001 ? p.toFixed(3) : '<0.001')
