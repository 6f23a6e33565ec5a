/**
 * Corrects for many comparisons (Y. Benjamini, Y. Hochberg, JRSS B 57, 1995): of what stays below q, a share of q at most is chance, on average.
 * Answers an adjusted p-value for each, in the order given.
 */
export function benjaminiHochberg(ps: readonly number[]): number[] {
  const order = ps.map((p, index) => ({ p, index })).sort((a, b) => b.p - a.p)
  const adjusted = new Array<number>(ps.length).fill(1)
  let least = 1
  order.forEach(({ p, index }, place) => {
    // The largest p is not touched: p · (n / n), not (p · n) / n, which rounding may bring below p.
    least = Math.min(least, p * (ps.length / (ps.length - place)))
    adjusted[index] = least
  })
  return adjusted
}
