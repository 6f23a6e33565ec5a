import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** One command as a user would type it; run by sh. */
export interface Contender {
  name: string
  command: string
}

export interface Figures {
  name: string
  /** Medians: seconds by the clock, seconds of processor time, MB at the peak. */
  seconds: number
  cpu: number
  megabytes: number
}

/** Runs all of them in each round, one after the other, so that whatever else the machine does befalls all alike. */
export function measure(contenders: readonly Contender[], rounds: number, scratch: string): Figures[] {
  const samples = contenders.map((): { seconds: number; cpu: number; megabytes: number }[] => [])
  for (let round = -1; round < rounds; round++) {
    contenders.forEach(({ command }, index) => {
      const sample = once(command, scratch)
      // The first round fills the page cache.
      if (round >= 0) samples[index]?.push(sample)
    })
  }
  return contenders.map(({ name }, index) => {
    const of = samples[index] ?? []
    const middle = (pick: (sample: (typeof of)[number]) => number) =>
      of.map(pick).sort((a, b) => a - b)[of.length >> 1] ?? Number.NaN
    return { name, seconds: middle(one => one.seconds), cpu: middle(one => one.cpu), megabytes: middle(one => one.megabytes) }
  })
}

/** GNU time(1) tells processor time and memory of the largest process. */
function once(command: string, scratch: string): { seconds: number; cpu: number; megabytes: number } {
  const begin = process.hrtime.bigint()
  const run = spawnSync('/usr/bin/time', ['-q', '-o', scratch, '-f', '%U %S %M', 'sh', '-c', command], { stdio: 'ignore' })
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9
  if (run.error) throw new Error(`the bench needs GNU time (package time): ${run.error.message}`)
  const [user = 0, system = 0, kilobytes = 0] = readFileSync(scratch, 'utf8').trim().split(/\s+/).slice(-3).map(Number)
  return { seconds, cpu: user + system, megabytes: kilobytes / 1024 }
}
