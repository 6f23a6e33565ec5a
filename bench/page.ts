import type { Result } from './bench.ts'

/** docs/BENCHMARKS.md: ratios first, for they hold on other machines too. */
export function pageOf(machine: Record<string, string | number>, results: readonly Result[]): string {
  return `# Benchmarks

Written by \`npm run bench\`: made-up logs, the same on every machine; inquest and the tools that one would pick instead, in the same rounds;
medians of ${machine.rounds} rounds (of fewer where a heading says so) after one that fills the page cache. The ratio is each one's time by inquest's: above 1 it is slower than inquest.
What the other tools do is a part of what inquest does (\`cat\` and the loop only read, \`rg\` only counts lines with fixed text in them).

${machine.cores} cores (${machine.processor}), Node ${machine.node}, ${machine.rg}, ${machine.jq}, at ${machine.commit}. Load average over the last quarter of an
hour: ${machine.load}${Number(machine.load) > Number(machine.cores) ? '; the machine was busy, so the CPU seconds tell more than those by the clock' : ''}.

${results.map(result => tableOf(result, Number(machine.rounds))).join('\n')}`
}

function tableOf({ title, megabytes, rounds, figures }: Result, most: number): string {
  const [first] = figures
  const rows = figures.map(({ name, seconds, cpu, megabytes: peak }) => {
    const ratio = first ? seconds / first.seconds : Number.NaN
    return `| ${name.replaceAll('|', '\\|')} | ${seconds.toFixed(2)} | ${ratio.toFixed(2)} | ${(megabytes / 1000 / seconds).toFixed(2)} | ${cpu.toFixed(2)} | ${peak.toFixed(0)} |`
  })
  return `## ${title[0]?.toUpperCase()}${title.slice(1)} (${megabytes < 1 ? megabytes.toFixed(3) : megabytes.toFixed(0)} MB${rounds < most ? `, rounds: ${rounds}` : ''})

| | seconds | ratio | GB/s | CPU seconds | peak MB |
|---|---|---|---|---|---|
${rows.join('\n')}
`
}
