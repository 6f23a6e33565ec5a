import type { EntryHead } from './file.ts'

/** The numbers of an entry's head, which no hash covers. */
export interface Numbers {
  seqnum: number
  realtime: number
  monotonic: number
  boot: string
}

/**
 * µs by which the distance of an entry's two clocks may lie off its neighbours': both are read at one moment, so it changes only as the wall
 * clock is steered (lab, systemd 247 to 262: 7,000 entries, 3 µs at most). What a flipped bit changes by less stays unseen.
 */
const JITTER = 7
const BITS = 53

/** What the neighbours say of an entry's numbers. */
export interface Judgement {
  /** Numbers put right: one flipped bit explains the contradiction, and only one. */
  mended: (keyof Numbers)[]
  /** Numbers that cannot be true, and nothing says what is. */
  doubtful: (keyof Numbers)[]
}

const SOUND: Judgement = { mended: [], doubtful: [] }

/**
 * Holds an entry's numbers against those before and behind it in the file: numbers rise, clocks of one boot run together. Two neighbours
 * that agree with each other outvote the one between. Puts right what can only have been one thing.
 */
export function judgeHead(before: Numbers | null, head: EntryHead, behind: Numbers | null): Judgement {
  if (!before || !behind) return SOUND
  if (isInOrder(before, head, behind) && clocksAgree(before, head, behind)) return SOUND
  const judgement: Judgement = { mended: [], doubtful: [] }
  judgeSeqnum(before, head, behind, judgement)
  judgeClocks(before, head, behind, judgement)
  return judgement
}

function isInOrder(before: Numbers, head: Numbers, behind: Numbers): boolean {
  return before.seqnum < head.seqnum && (head.seqnum < behind.seqnum || behind.seqnum <= before.seqnum)
}

function judgeSeqnum(before: Numbers, head: EntryHead, behind: Numbers, judgement: Judgement): void {
  if (isInOrder(before, head, behind) || before.seqnum >= behind.seqnum) return
  const candidates = flips(head.seqnum).filter(each => each > before.seqnum && each < behind.seqnum)
  const [only] = behind.seqnum - before.seqnum === 2 ? [before.seqnum + 1] : candidates.length === 1 ? candidates : []
  if (only === undefined) judgement.doubtful.push('seqnum')
  else {
    head.seqnum = only
    judgement.mended.push('seqnum')
  }
}

/** µs between the epoch and the boot's beginning, as the two clocks tell it. */
function distance({ realtime, monotonic }: Numbers): number {
  return realtime - monotonic
}

function clocksAgree(before: Numbers, head: Numbers, behind: Numbers): boolean {
  if (before.boot !== head.boot || behind.boot !== head.boot) return true
  const [a, b] = [distance(before), distance(behind)]
  const own = distance(head)
  if (own >= Math.min(a, b) - JITTER && own <= Math.max(a, b) + JITTER) return true
  // Where the neighbours do not agree either, the clock was set between them.
  return Math.abs(a - b) > Math.abs(own - a) && Math.abs(a - b) > Math.abs(own - b)
}

function judgeClocks(before: Numbers, head: EntryHead, behind: Numbers, judgement: Judgement): void {
  if (clocksAgree(before, head, behind)) return
  const found: { name: 'realtime' | 'monotonic'; value: number }[] = []
  for (const name of ['realtime', 'monotonic'] as const) {
    for (const value of flips(head[name])) {
      const tried = { ...head, [name]: value }
      const between = value >= before[name] && value <= behind[name]
      if (between && clocksAgree(before, tried, behind)) found.push({ name, value })
    }
  }
  // A flip in the one clock could be undone in the other as well: the clock that its neighbours hold in between is the true one.
  const broken = (['realtime', 'monotonic'] as const).filter(name => head[name] < before[name] || head[name] > behind[name])
  const fitting = broken.length === 1 ? found.filter(({ name }) => name === broken[0]) : found
  const [only] = fitting.length === 1 ? fitting : []
  if (only) {
    head[only.name] = only.value
    judgement.mended.push(only.name)
  } else judgement.doubtful.push('realtime', 'monotonic')
}

/** The number with each one of its bits flipped. */
function flips(value: number): number[] {
  const made: number[] = []
  for (let bit = 0; bit < BITS; bit++) {
    const power = 2 ** bit
    made.push(Math.floor(value / power) % 2 === 1 ? value - power : value + power)
  }
  return made
}
