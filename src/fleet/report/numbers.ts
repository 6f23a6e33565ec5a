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

/** A chance: `0.03`, `4e-15`. */
export const chance = (p: number): string => (p >= 0.001 ? p.toFixed(3) : p === 0 ? '0' : p.toExponential(0))
