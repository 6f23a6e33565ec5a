import type { Command } from '../command.ts'
import { type Offer, type OfferedFlag, offers, type Values } from './offer.ts'

/** One line a flag and command; a function says which command was typed. */
export async function fish(commands: readonly Command[]): Promise<string> {
  const all = await offers(commands)
  const paths = all.map(({ path }) => path).filter(Boolean)
  return `# fish completion for inquest; made by: inquest completion fish
function __inquest_at
    set -l path ''
    for word in (commandline -opc)[2..]
        set -l longer (string trim -- "$path $word")
        contains -- $longer ${paths.map(quoted).join(' ')}; or break
        set path $longer
    end
    test "$path" = "$argv[1]"
end
complete -c inquest -f
${all.flatMap(linesOf).join('\n')}
`
}

function linesOf(offer: Offer): string[] {
  const head = `complete -c inquest -n ${quoted(`__inquest_at ${quoted(offer.path)}`)}`
  const operands = offer.operands === 'file' || offer.operands === 'folder' ? [`${head} -F`] : []
  const words =
    Array.isArray(offer.operands) && offer.operands.length > 0 ? [`${head} -a ${quoted(offer.operands.join(' '))}`] : []
  const commands = offer.commands.map(({ name, about }) => `${head} -a ${name} -d ${quoted(about)}`)
  return [...operands, ...words, ...commands, ...offer.flags.map(flag => `${head}${spelled(flag)}`)]
}

function spelled({ spellings, about, value, values }: OfferedFlag): string {
  const names = spellings.map(each => (each.startsWith('--') ? ` -l ${each.slice(2)}` : ` -s ${each.slice(1)}`)).join('')
  return `${names}${value === null ? '' : taken(values)} -d ${quoted(about)}`
}

function taken(values: Values): string {
  if (values === 'file' || values === 'folder') return ' -r -F'
  return values.length > 0 ? ` -x -a ${quoted(values.join(' '))}` : ' -x'
}

/** fish escapes a quote inside quotes with a backslash. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
