import type { Problem } from '../problems/problem.ts'

/** Tells each damage once, however often one comes across it, and of one thing (`what`) not without end. */
export function once(what: string, tell: (problem: Problem) => void, most = 100): (problem: Problem) => void {
  const told = new Set<string>()
  return problem => {
    if (told.has(problem.message) || told.size > most) return
    told.add(problem.message)
    tell(told.size > most ? { message: `${what} has more damage than is told here` } : problem)
  }
}
