import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { crash, folder, healthy, inquest, left, program, shell } from './command.ts'

const at = (name: string): string => join(folder, name)
writeFileSync(at('crash.json'), crash)
writeFileSync(at('cut.json'), healthy.subarray(0, Math.floor(healthy.length * 0.6) - 7))
writeFileSync(at('picture.log'), Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'))
mkdirSync(at('folder'))

const hint = "Try 'inquest --help'.\n"

test('an incident is status 1, none is 0, and nothing is said beside the report', () => {
  const [bad, good] = [inquest(['--format', 'json'], crash), inquest(['analyze', '--format', 'json', '-'], healthy)]
  expect([bad.status, bad.err, good.status, good.err]).toEqual([1, '', 0, ''])
  expect(JSON.parse(bad.out)).toMatchObject({ inputs: [{ path: '-' }], incidents: [{ outcome: 'froze' }] })
  expect(JSON.parse(good.out)).toMatchObject({ schema: 'inquest-report/1', incidents: [] })
})

test('what ends in the middle is status 3 where nothing was found in it, and told', () => {
  const { status, err } = inquest(['cut.json'])
  expect(status).toBe(3)
  expect(err).toMatch(/^inquest: cut\.json:\d+: .+\n$/)
})

test.each([
  ['missing.log', 'inquest: missing.log: there is no such file\n'],
  ['folder', 'inquest: folder: holds no log\n'],
  ['picture.log', 'inquest: picture.log: is a PNG image, not a log\n'],
  ['/proc/self/mem', 'inquest: /proc/self/mem: the disk could not read it (input/output error)\n'],
  ['-', 'inquest: standard input: is empty; there is nothing to examine\n'],
])('of %s nothing can be read: one sentence, no report, status 2', (path, sentence) => {
  expect(inquest([path])).toEqual({ status: 2, out: '', err: sentence })
})

test('a file beside one that cannot be read is read', () => {
  const { status, out, err } = inquest(['--format', 'json', 'missing.log', 'crash.json'])
  expect([status, err]).toEqual([1, 'inquest: missing.log: there is no such file\n'])
  expect(JSON.parse(out).incidents).not.toEqual([])
})

test.each([
  [['--colr', 'never'], "unknown option '--colr' (Did you mean --color?)"],
  [['rulse', 'list'], 'rulse: there is no such file or command; did you mean rules?'],
  [['rules', 'lst'], 'rules: lst is no command of it; did you mean list? It has list, show, check, test'],
  [['rules'], 'rules: one of list, show, check, test is wanted'],
  [['rules', 'show'], 'show: RULE is missing'],
  [['rules', 'show', 'mount-strom'], /no rule "mount-strom"/],
  [['--quiet', 'rules', 'list'], 'list takes no --quiet'],
  [['--width', 'wide', '-'], '--width wide: a whole number from 40 to 1000 is wanted'],
  [['--format', 'jsno', '-'], /^inquest: --format jsno: did you mean json\? It is one of /],
  [['--color', 'x', '-'], '--color x: one of auto, always, never is wanted'],
  [['--since', 'soonish', '-'], /"soonish" is no time; write it as in "2026-03-02 02:30:41"/],
  [
    ['--timezone', 'Mars/Base', '-'],
    '--timezone Mars/Base: there is no such time zone; name one like Europe/Berlin, UTC or +02:00',
  ],
  [['--only', 'nothing', '-'], /no rule "nothing"/],
  [['--follow', '-'], '--follow: following a log that grows is not there yet; run inquest on what there is'],
  [['-', '-'], 'standard input (-) can be read only once'],
  [['completion', 'tcsh'], 'completion tcsh: one of bash, zsh, fish is wanted'],
])('%j is wrong usage: one sentence and the hint, status 2', (args, sentence) => {
  const { status, out, err } = inquest(args, crash)
  expect([status, out]).toEqual([2, ''])
  if (typeof sentence === 'string') expect(err).toBe(`inquest: ${sentence}\n${hint}`)
  else expect(err).toMatch(sentence)
  expect(err.split('\n')).toHaveLength(3)
})

test('what a log or a path holds moves no terminal', () => {
  expect(inquest(['\x1b]0;owned\x07.log']).err).toBe('inquest: ␛]0;owned␇.log: there is no such file\n')
})

test('a reader who has seen enough is no fault', () => {
  const { status, err, out } = shell('set -o pipefail; inquest --format json crash.json | head -1')
  expect({ status, err, out }).toEqual({ status: 1, err: '', out: '{\n' })
})

test('a full disk is told in one sentence, wherever the report goes', () => {
  for (const place of ['> /dev/full', '-o /dev/full', '-o /dev/full > /dev/null']) {
    const { status, err } = shell(`inquest --format json crash.json ${place}`)
    expect(status).toBe(2)
    expect(err).toMatch(/^inquest: .*: no space is left on the device; the report is not whole\n$/)
  }
})

test('a disk that fills up in the middle of the report leaves no half of it', () => {
  const { status, err } = shell('ulimit -f 1; trap "" XFSZ; inquest --format json -o half.json crash.json')
  expect([status, err]).toEqual([2, 'inquest: half.json: the file would be larger than allowed; the report is not whole\n'])
  expect([existsSync(at('half.json')), left()]).toEqual([false, []])
})

test('-o puts a whole report there, or leaves what was there', () => {
  const straight = inquest(['--format', 'json', 'crash.json'])
  expect(inquest(['--format', 'json', '-o', 'report.json', 'crash.json'])).toEqual({ status: 1, out: '', err: '' })
  expect(readFileSync(at('report.json'), 'utf8')).toBe(straight.out)
  expect(inquest(['-o', 'report.json', 'missing.log']).status).toBe(2)
  expect(readFileSync(at('report.json'), 'utf8')).toBe(straight.out)
  expect(left()).toEqual([])
})

test('-o never takes the place of the evidence, nor goes where nothing can', () => {
  expect(inquest(['-o', 'crash.json', './crash.json']).err).toMatch(/^inquest: --output crash\.json: that is one of the inputs;/)
  expect(readFileSync(at('crash.json'))).toEqual(crash)
  expect(inquest(['-o', 'no/report', 'crash.json']).err).toMatch(/^inquest: --output no\/report: there is no such folder\n/)
  expect(inquest(['-o', 'folder', 'crash.json']).err).toMatch(/^inquest: --output folder: is a folder\n/)
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends it with %i, and nothing half done stays', async (signal, status) => {
  const child = spawn(process.execPath, [program, '-o', 'interrupted.json', '-'], { cwd: folder })
  child.stdin.write(crash)
  while (left().length === 0) await new Promise(resolve => setTimeout(resolve, 20))
  child.kill(signal)
  expect(await new Promise(resolve => child.on('exit', resolve))).toBe(status)
  expect([existsSync(at('interrupted.json')), left()]).toEqual([false, []])
})

test.each([0, 2 ** 21])('a wait for a pipe that gave %i bytes and is silent now can be interrupted', size => {
  const run = `timeout -s TERM -k 9 --preserve-status 1 '${process.execPath}' '${program}'`
  const { status } = shell(`{ head -c ${size} /dev/zero | tr '\\0' '\\n'; exec sleep 5; } | ${run}`)
  expect(status).toBe(143)
})

test('a wait for the other end of a named pipe can be interrupted', () => {
  const { status } = shell(`mkfifo pipe; timeout -s TERM -k 9 --preserve-status 1 '${process.execPath}' '${program}' pipe`)
  expect(status).toBe(143)
})

test('on a terminal without a log it says what to give', () => {
  const { status, out } = shell(`script -qec "'${process.execPath}' '${program}'" /dev/null`)
  expect(status).toBe(2)
  expect(out).toContain('inquest: name a log to read, or pipe one in: journalctl -o json | inquest')
})
