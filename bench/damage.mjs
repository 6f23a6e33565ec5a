/**
 * What is left of a damaged journal of 60,000 entries, for inquest and for journalctl: cut, with flipped bits, with pages of noughts.
 *
 *   node bench/damage.mjs [ENTRIES]     needs journalctl, systemd-journal-remote and a build (npm run build)
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const count = Number(process.argv[2] ?? 60_000)
const cli = new URL('../dist/cli.js', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'inquest-bench-'))
const path = join(folder, 'system.journal')
const START = 1_772_418_000_000_000

function lines(index) {
  const unit = `app-${index % 40}.service`
  return [
    `__REALTIME_TIMESTAMP=${START + index * 997}`,
    `__MONOTONIC_TIMESTAMP=${5_000_000 + index * 997}`,
    '_BOOT_ID=1f9d2d8b5e604b1ca0e3f405162738f2',
    `MESSAGE=request ${index} took ${(index * 7919) % 1000} ms`,
    'PRIORITY=6',
    `SYSLOG_IDENTIFIER=app-${index % 40}`,
    '_TRANSPORT=journal',
    `_PID=${1000 + (index % 40)}`,
    `_SYSTEMD_UNIT=${unit}`,
    '_MACHINE_ID=c0ffee00c0ffee00c0ffee00c0ffee00',
    '_HOSTNAME=vm-web-07',
    '',
    '',
  ].join('\n')
}

/** Marsaglia's xorshift32. */
function dice(seed) {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

function run(command, args, input) {
  const made = spawnSync(command, args, { input, maxBuffer: 2 ** 31 })
  if (made.error) throw made.error
  return made.stdout
}

/** Whole entries, a line each. */
function entriesBy(command, args) {
  const text = run(command, args)
  let found = 0
  for (let at = text.indexOf(10); at !== -1; at = text.indexOf(10, at + 1)) found++
  return found
}

function flipped(bytes, used, flips) {
  const die = dice(flips * 7919)
  for (let nth = 0; nth < flips; nth++) bytes[Math.floor(die() * used)] ^= 1 << Math.floor(die() * 8)
  return bytes
}

function blanked(bytes, used, pages) {
  const die = dice(pages * 104_729)
  for (let nth = 0; nth < pages; nth++) {
    const at = Math.floor((die() * used) / 4096) * 4096
    bytes.fill(0, at, at + 4096)
  }
  return bytes
}

try {
  const text = Array.from({ length: count }, (_, index) => lines(index)).join('')
  run('/lib/systemd/systemd-journal-remote', [`--output=${path}`, '--split-mode=none', '-'], text)
  const whole = readFileSync(path)
  const tail = Number(whole.readBigUInt64LE(136))
  const used = tail + Number(whole.readBigUInt64LE(tail + 8))
  const cases = [
    ['whole', () => whole],
    ...[1, 5, 25, 50, 95].map(share => [`cut by ${share} %`, () => whole.subarray(0, Math.floor((used * (100 - share)) / 100))]),
    ...[1, 8, 64, 512].map(flips => [`${flips} flipped bits`, () => flipped(Buffer.from(whole), used, flips)]),
    ...[1, 8, 64].map(pages => [`${pages} pages of noughts`, () => blanked(Buffer.from(whole), used, pages)]),
    ['the first page gone', () => Buffer.from(whole).fill(0, 0, 4096)],
  ]
  console.log(`${'damage'.padEnd(22)} ${'inquest'.padStart(9)} ${'journalctl'.padStart(11)}   of ${count} entries`)
  for (const [name, made] of cases) {
    writeFileSync(path, made())
    const own = entriesBy(process.execPath, [cli, 'entries', '-o', 'json', path])
    const other = entriesBy('journalctl', ['-q', '--no-pager', '-o', 'json', `--file=${path}`])
    console.log(`${name.padEnd(22)} ${String(own).padStart(9)} ${String(other).padStart(11)}`)
  }
} finally {
  rmSync(folder, { recursive: true })
}
