/** inquest and the tools that a user would pick instead, side by side: a table, JSON, and docs/BENCHMARKS.md. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Inputs } from './inputs.ts'
import { literals, writeLiterals } from './literals.ts'
import { type Contender, type Figures, measure } from './measure.ts'
import { pageOf } from './page.ts'

export interface Result {
  title: string
  megabytes: number
  rounds: number
  figures: Figures[]
}

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    folder: { type: 'string', default: join(tmpdir(), 'inquest-bench') },
  },
})
const { folder, only } = values
const inputs = new Inputs(folder, Number(values.megabytes))
const inquest = `${process.execPath} dist/cli.js --format json`
const unpacker = process.env.INQUEST_UNPACKER ?? ''
const readLoop = `${process.execPath} -e 'const b=Buffer.alloc(1<<20);let n;do{try{n=fs.readSync(0,b)}catch(e){if(e.code!=="EAGAIN")throw e;n=1}}while(n)'`

function versionOf(command: string): string | null {
  const run = spawnSync(command, ['--version'], { encoding: 'utf8' })
  return run.status === 0 ? (run.stdout.split('\n')[0] ?? null) : null
}

const rg = versionOf('rg')
/** The triggers alone, some, what a rule asks about, and all. */
const COUNTS = { few: [16, 200], each: [16, 64, 200, Number.POSITIVE_INFINITY] }

type LogForm = 'json' | 'text'

function patterns(form: LogForm, count: number): { count: number; file: string } {
  const texts = literals(form, count)
  return { count: texts.length, file: writeLiterals(join(folder, `literals-${form}-${texts.length}`), texts) }
}

interface Case {
  title: string
  /** Of one that takes long: at most so many rounds. */
  rounds?: number
  /** Null where what would make it is not installed. */
  input(): string | null
  against(path: string): Contender[]
}

const search = (form: LogForm, path: string, counts: readonly number[]): Contender[] =>
  rg === null
    ? []
    : counts.map(wanted => {
        const { count, file } = patterns(form, wanted)
        return { name: `rg, ${count} literals`, command: `rg -c -F -f ${file} ${path}` }
      })
const cat = (path: string): Contender => ({ name: 'cat', command: `cat ${path} >/dev/null` })
const own = (path: string): Contender => ({ name: 'inquest', command: `${inquest} ${path}` })

/** Memory is the largest process's here; of all together bench/fleet-scale.mjs tells it. */
const fleetRun = (path: string, workers: number): Contender => {
  const store = join(folder, 'fleet.db')
  const run = `${process.execPath} dist/cli.js fleet run ${path} --store ${store} --jobs ${workers} --timezone UTC --quiet`
  return { name: `inquest fleet run, ${workers} worker${workers > 1 ? 's' : ''}`, command: `rm -f ${store}*; ${run}` }
}

const nameOf = (form: LogForm): string => (form === 'json' ? 'NDJSON' : 'syslog text')

const whole = (form: LogForm, pid1: number, { storm = false, counts = COUNTS.few } = {}): Case => ({
  title: `${nameOf(form)}, ${pid1} % of the entries PID 1's${storm ? ', a storm of mounts' : ''}`,
  input: () => inputs.log(form, pid1, { storm }),
  ...(storm && { rounds: 1 }),
  against: path => [own(path), cat(path), ...search(form, path, counts)],
})

const piped = (form: LogForm): Case => ({
  title: `${nameOf(form)} through a pipe`,
  input: () => inputs.log(form, 15),
  against: path => [
    { name: 'cat | inquest', command: `cat ${path} | ${inquest}` },
    { name: 'cat | a loop in Node that only reads', command: `cat ${path} | ${readLoop}` },
  ],
})

/** The unpacking alone is shown as well: what the analysis adds is another line's matter. */
const unpacked = (suffix: string, pack: string, tool: string): Case => ({
  title: `NDJSON, .${suffix}`,
  rounds: 3,
  input: () => {
    const path = inputs.log('json', 15)
    if (!existsSync(`${path}.${suffix}`)) spawnSync('sh', ['-c', `${pack} ${path}`])
    return `${path}.${suffix}`
  },
  against: path => [
    own(path),
    { name: tool, command: `${tool} ${path} >/dev/null` },
    { name: 'unpacking alone, in Node', command: `${process.execPath} ${unpacker} ${path}` },
  ],
})

const cases: Case[] = [
  whole('json', 1),
  whole('json', 15, { counts: COUNTS.each }),
  whole('json', 60),
  whole('text', 1),
  whole('text', 15, { counts: COUNTS.each }),
  whole('text', 60),
  whole('json', 15, { storm: true }),
  whole('text', 15, { storm: true }),
  {
    title: 'ten files of NDJSON on two cores',
    input: () => inputs.hosts(10, 0.5),
    against: path => [
      own(path),
      {
        name: 'two runs of one core each, five files each, side by side',
        command: [0, 1]
          .map(core => `taskset -c ${core} ${inquest} ${path}/${core}*.ndjson`)
          .join(' & ')
          .concat(' & wait'),
      },
    ],
  },
  piped('json'),
  piped('text'),
  unpacked('gz', 'gzip -k', 'zcat'),
  unpacked('zst', 'zstd -q -k', 'zstdcat'),
  unpacked('xz', 'xz -k -3', 'xzcat'),
  {
    title: "journal files, 15 % of the entries PID 1's",
    input: () => inputs.journals(17, 15),
    against: path => [
      own(path),
      { name: 'journalctl _PID=1 -o json', command: `journalctl -D ${path} _PID=1 -o json --no-pager >/dev/null` },
    ],
  },
  {
    title: 'journal files printed as JSON',
    rounds: 1,
    input: () => inputs.journals(17, 15),
    against: path => [
      { name: 'inquest entries -o json', command: `${process.execPath} dist/cli.js entries -o json ${path} >/dev/null` },
      { name: 'journalctl -o json', command: `journalctl -D ${path} -o json --no-pager >/dev/null` },
    ],
  },
  {
    title: 'the NDJSON, and jq',
    rounds: 3,
    input: () => inputs.log('json', 15),
    against: path => [own(path), { name: 'jq, one condition', command: `jq -c 'select(._PID=="1" and .MESSAGE=="x")' ${path}` }],
  },
  {
    title: 'a fleet of 400 hosts, a log each',
    rounds: 3,
    input: () => inputs.fleet(400, 100_000, 50),
    against: path => [fleetRun(path, 2), fleetRun(path, 1)],
  },
  {
    title: 'a fleet of 2,000 small hosts',
    rounds: 1,
    input: () => inputs.fleet(2_000, 8, 1000),
    against: path => [fleetRun(path, 2), fleetRun(path, 1)],
  },
  {
    title: 'start: the log of one crash',
    input: () => 'fixtures/formats/json/input.log',
    against: path => [own(path), { name: 'node -e 0', command: `${process.execPath} -e 0` }],
  },
]

/** Of a file, or of all in a folder. */
function bytesOf(path: string): number {
  const found = statSync(path)
  return found.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0) : found.size
}

mkdirSync('docs', { recursive: true })
const results: Result[] = []
for (const { title, rounds = Number.POSITIVE_INFINITY, input, against } of cases.filter(each => each.title.includes(only))) {
  const path = input()
  if (path === null) continue
  const count = Math.min(Number(values.rounds), rounds)
  const figures = measure(against(path), count, join(folder, 'time'))
  const result = { title, megabytes: bytesOf(path) / 1e6, rounds: count, figures }
  results.push(result)
  process.stdout.write(`${title}\n`)
  for (const { name, seconds, cpu, megabytes } of figures)
    process.stdout.write(`  ${name.padEnd(38)} ${seconds.toFixed(3)} s  ${cpu.toFixed(2)} s cpu  ${megabytes.toFixed(0)} MB\n`)
}
const machine = {
  cores: cpus().length,
  processor: cpus()[0]?.model ?? 'unknown',
  node: process.version,
  rg: rg ?? 'none',
  jq: versionOf('jq') ?? 'none',
  commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
  rounds: Number(values.rounds),
  load: Math.round(loadavg()[2] ?? 0),
}
writeFileSync(join(folder, 'benchmarks.json'), `${JSON.stringify({ machine, results }, null, 2)}\n`)
if (only === '') writeFileSync('docs/BENCHMARKS.md', pageOf(machine, results))
