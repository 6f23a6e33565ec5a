/** Logarithms of factorials, made as they are needed. */
const logs: number[] = [0, 0]

function logFactorial(n: number): number {
  for (let i = logs.length; i <= n; i++) logs.push((logs[i - 1] ?? 0) + Math.log(i))
  return logs[n] ?? 0
}

const logChoose = (n: number, k: number): number => logFactorial(n) - logFactorial(k) - logFactorial(n - k)

/** Tables whose chance is this close to the seen one's count as equally rare (rounding). */
const CLOSE = 1e-7

/**
 * Fisher's exact test, two-sided: how often chance alone deals a table as rare as this one, when `hits` of `of` hosts are hit and `otherHits` of
 * `otherOf` others. Exact for few hosts, where tests by approximation cry wolf.
 */
export function fisher(hits: number, of: number, otherHits: number, otherOf: number): number {
  const all = hits + otherHits
  const total = logChoose(of + otherOf, all)
  const chance = (k: number): number => logChoose(of, k) + logChoose(otherOf, all - k) - total
  const seen = chance(hits)
  let sum = 0
  for (let k = Math.max(0, all - otherOf); k <= Math.min(of, all); k++) {
    const log = chance(k)
    if (log <= seen + CLOSE) sum += Math.exp(log)
  }
  return Math.min(1, sum)
}
