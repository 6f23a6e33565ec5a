import type { Command } from '../command.ts'
import { type Offer, type OfferedFlag, offers, type Values } from './offer.ts'

/** The words typed so far name the command; what stands before the cursor says whether a value, a flag or an operand comes. */
export async function bash(commands: readonly Command[]): Promise<string> {
  const all = await offers(commands)
  const paths = all.map(({ path }) => path).filter(Boolean)
  return `# bash completion for inquest; made by: inquest completion bash
_inquest() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} path= word
  # bash takes --flag=value apart at the equals sign.
  if [[ $cur == = ]]; then cur=
  elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path\${path:+ }$word" in
      ${paths.map(path => quoted(path)).join(' | ')}) path=$path\${path:+ }$word ;;
      *) break ;;
    esac
  done
  COMPREPLY=()
  case "$path" in
${all.map(branch).join('\n')}
  esac
}
complete -F _inquest inquest
`
}

function branch(offer: Offer): string {
  const valued = offer.flags.filter(flag => flag.value !== null)
  const values = valued.map(flag => `        ${flag.spellings.join(' | ')}) ${reply(flag.values)}; return ;;`)
  const names = offer.commands.map(({ name }) => name)
  const flags = offer.flags.flatMap((flag: OfferedFlag) => flag.spellings)
  return `    ${quoted(offer.path)})
      case "$prev" in
${values.join('\n')}
      esac
      if [[ $cur == -* ]]; then ${reply(flags)}; return; fi
      ${names.length > 0 ? `${reply(names)}\n      ` : ''}${reply(offer.operands)}
      ;;`
}

function reply(values: Values): string {
  if (values === 'folder') return `compopt -o filenames; COMPREPLY+=($(compgen -d -- "$cur"))`
  if (values === 'file') return `compopt -o filenames; local IFS=$'\\n'; COMPREPLY+=($(compgen -f -- "$cur"))`
  return values.length > 0 ? `COMPREPLY+=($(compgen -W ${quoted(values.join(' '))} -- "$cur"))` : ':'
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
