import type { Problem } from '../../problems/problem.ts'

/** As many are told of one file system. */
const MOST = 200

/** Tells each damage once, however often one comes across it, and not without end. */
export function once(tell: (problem: Problem) => void): (problem: Problem) => void {
  const told = new Set<string>()
  return problem => {
    if (told.has(problem.message) || told.size > MOST) return
    told.add(problem.message)
    tell(told.size > MOST ? { message: 'the XFS file system has more damage than is told here' } : problem)
  }
}
