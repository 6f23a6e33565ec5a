/** Nobody needs to be told of what is over in a second. */
const PATIENCE = 1000
const BETWEEN = 200
/** In a log that somebody reads later. */
const BETWEEN_LINES = 30_000

/** One line on the screen of a person who waits: how much was read, how fast, how long it will take. */
export class ProgressLine {
  private readonly start: number
  private last = 0
  private shown = false

  constructor(
    private readonly write: (text: string) => void,
    private readonly columns: number,
    private readonly clock: () => number = () => Number(process.hrtime.bigint()) / 1e6,
  ) {
    this.start = clock()
  }

  tell(bytes: number, total: number | null, before = ''): void {
    if (!this.isTime(PATIENCE, BETWEEN)) return
    this.shown = true
    this.write(`\r${this.text(bytes, total, before).slice(0, this.columns - 1)}\x1b[K`)
  }

  /** Where there is no screen: a line of its own. */
  note(bytes: number, total: number | null, before: string): void {
    if (this.isTime(BETWEEN_LINES, BETWEEN_LINES)) this.write(`inquest: ${this.text(bytes, total, before)}\n`)
  }

  private isTime(patience: number, between: number): boolean {
    const now = this.clock()
    if (now - this.start < patience || now - this.last < between) return false
    this.last = now
    return true
  }

  private text(bytes: number, total: number | null, before: string): string {
    return before + progressText(bytes, total, (this.clock() - this.start) / 1000)
  }

  /** Takes the line off the screen. */
  wipe(): void {
    if (this.shown) this.write('\r\x1b[K')
    this.shown = false
  }
}

export function progressText(bytes: number, total: number | null, seconds: number): string {
  const rate = bytes / seconds
  const known = total !== null && total > 0 && bytes <= total
  const parts = [`reading ${amount(bytes)}${known ? ` of ${amount(total)}` : ''}`]
  if (known) parts.push(`${Math.floor((bytes / total) * 100)} %`)
  parts.push(`${amount(rate)}/s`)
  if (known && rate > 0) parts.push(`${duration((total - bytes) / rate)} left`)
  return parts.join('  ')
}

function amount(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  const number = bytes / 1000 ** power
  return `${power > 0 && number < 100 ? number.toFixed(1) : Math.round(number)} ${units[power]}`
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
