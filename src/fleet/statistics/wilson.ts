/** Two-sided 95 %: the normal distribution's 97.5 % point. */
const Z = 1.959963984540054

export interface Interval {
  low: number
  high: number
}

/** Wilson's score interval for a share (E. B. Wilson, JASA 22, 1927): sound for few hosts and for shares near 0, where the textbook's is not. */
export function wilson(hits: number, of: number): Interval {
  if (of === 0) return { low: 0, high: 1 }
  const share = hits / of
  const square = Z * Z
  const middle = (share + square / (2 * of)) / (1 + square / of)
  const half = (Z / (1 + square / of)) * Math.sqrt((share * (1 - share)) / of + square / (4 * of * of))
  // At the ends the interval's end is the share itself; floating point misses it by a hair.
  return { low: hits === 0 ? 0 : Math.max(0, middle - half), high: hits === of ? 1 : Math.min(1, middle + half) }
}

/** Newcombe's interval for the difference of two shares, from their Wilson intervals (R. G. Newcombe, Statistics in Medicine 17, 1998, method 10). */
export function difference(hits: number, of: number, otherHits: number, otherOf: number): Interval {
  const [one, other] = [wilson(hits, of), wilson(otherHits, otherOf)]
  const [p, q] = [of === 0 ? 0 : hits / of, otherOf === 0 ? 0 : otherHits / otherOf]
  return {
    low: p - q - Math.hypot(p - one.low, other.high - q),
    high: p - q + Math.hypot(one.high - p, q - other.low),
  }
}
