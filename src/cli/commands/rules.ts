import { plain } from '../../problems/frame.ts'
import { type Command, outcome } from '../command.ts'

const ruleFiles = { name: 'PATH', completes: 'file' } as const

export const rules: Command = {
  name: 'rules',
  about: 'list, show, check and test rules',
  flags: [],
  examples: [
    ['inquest rules show mount-storm', 'how a rule reads'],
    ['inquest rules check my.rule', 'every fault of it, with line and likely fix'],
    ['inquest rules test my.rule', 'runs the cases in my.cases/'],
  ],
  commands: [
    {
      name: 'list',
      about: 'the rules in force and what each may find',
      flags: ['rules', 'width'],
      run: async (_, options, terminal) => {
        const { ruleList } = await import('../../index.ts')
        return outcome([await table(await ruleList(options.rules), options.width ?? terminal.columns)])
      },
    },
    {
      name: 'show',
      about: "a rule's text",
      operands: {
        name: 'RULE',
        least: 1,
        most: 1,
        completes: async () => (await import('../../rules/shipped.ts')).shipped.rules.map(rule => rule.name),
      },
      flags: ['rules'],
      run: async ([name = ''], options) => {
        const { ruleText } = await import('../../index.ts')
        return outcome([`${(await ruleText(name, options.rules)).trimEnd()}\n`])
      },
    },
    {
      name: 'check',
      about: 'every fault of rule and signal files, or of folders of them',
      operands: { ...ruleFiles, least: 1, most: Number.POSITIVE_INFINITY },
      flags: [],
      run: async paths => {
        const { checkRules } = await import('../../index.ts')
        const { ok, output } = await checkRules([...paths])
        return outcome([output], ok ? 0 : 2)
      },
    },
    {
      name: 'test',
      about: "the cases beside rule files; without PATH the shipped rules' own",
      operands: { ...ruleFiles, least: 0, most: Number.POSITIVE_INFINITY },
      flags: [],
      run: async paths => {
        const { testRules } = await import('../../index.ts')
        const { ok, output } = await testRules([...paths])
        return outcome([output], ok ? 0 : 1)
      },
    },
  ],
}

type Row = { name: string; about: string; outcomes: { name: string; severity: string }[] }

async function table(rows: readonly Row[], width: number): Promise<string> {
  const { default: Table } = await import('cli-table3')
  const names = rows.map(row => plain(row.name))
  const outcomes = rows.map(row => row.outcomes.map(({ name, severity }) => `${plain(name)} [${severity}]`).join('\n'))
  const widest = (texts: readonly string[]) => Math.max(...texts.flatMap(text => text.split('\n')).map(line => line.length)) + 2
  const taken = widest(names) + widest(outcomes) + 4
  const made = new Table({
    head: ['rule', 'finds', 'about'],
    // Its own colours would go into pipes as well.
    style: { head: [], border: [] },
    colWidths: [widest([...names, 'rule']), widest([...outcomes, 'finds']), Math.max(24, width - taken)],
    wordWrap: true,
  })
  rows.forEach((row, index) => {
    made.push([names[index] ?? '', outcomes[index] ?? '', plain(row.about)])
  })
  return `${made.toString()}\n`
}
