/** Workers that answer, wait, and die. */
import { expect, test } from 'vitest'
import { Pool, type Start, type Task } from '../../src/fleet/pool.ts'

const WORKER = `
  require('node:readline').createInterface({ input: process.stdin }).on('line', line => {
    if (line.split(' ').includes('die')) process.exit(3)
    process.stdout.write(line.toUpperCase() + '\\n')
  })`
const start: Start = { command: process.execPath, args: ['-e', WORKER] }

const task = (line: string, bytes = 1): Task<string> => ({
  line,
  bytes,
  read: answer => answer,
  lost: reason => {
    const words = line.split(' ')
    return words.length > 1 ? { again: words.map(word => task(word)) } : { answer: `${line} ended ${reason}` }
  },
})

async function answersOf(pool: Pool, tasks: readonly Task<string>[]): Promise<string[]> {
  async function* given(): AsyncGenerator<Task<string>> {
    yield* tasks
  }
  const answers: string[] = []
  for await (const answer of pool.run(given())) answers.push(answer)
  return answers.sort()
}

test('every task has one answer, round after round, with any number of workers', async () => {
  for (const jobs of [1, 3]) {
    const pool = new Pool(start, jobs)
    for (const count of [0, 1, 700]) {
      const words = Array.from({ length: count }, (_, index) => `w${index}`)
      expect(
        await answersOf(
          pool,
          words.map(word => task(word, word === 'w3' ? 2 ** 21 : 1)),
        ),
      ).toEqual(words.map(word => word.toUpperCase()).sort())
    }
    await pool.end()
  }
})

test('what brings a worker down costs itself alone; of several together, the one that does', async () => {
  const pool = new Pool(start, 2)
  const words = Array.from({ length: 60 }, (_, index) => `w${index}`)
  const answers = await answersOf(pool, [...words.map(word => task(word)), task('die'), task('a die b'), task('z')])
  expect(answers).toEqual(
    [...words.map(word => word.toUpperCase()), 'A', 'B', 'Z', ...Array(2).fill('die ended with status 3')].sort(),
  )
  await pool.end()
})

test('workers that never answer end the round, and so does a source that fails', async () => {
  const mute = new Pool({ command: process.execPath, args: ['-e', 'process.exit(7)'] }, 2)
  const tasks = Array.from({ length: 40 }, (_, index) => task(`w${index}`))
  await expect(answersOf(mute, tasks)).rejects.toThrow('5 workers in a row ended before a result, the last with status 7')
  const pool = new Pool(start, 1)
  async function* failing(): AsyncGenerator<Task<string>> {
    yield task('w')
    throw new Error('no more of them')
  }
  const round = (async () => {
    for await (const _ of pool.run(failing()));
  })()
  await expect(round).rejects.toThrow('no more of them')
  await mute.end()
  await pool.end()
})
