import type { Command } from '../command.ts'
import { type Offer, type OfferedFlag, offers, type Values } from './offer.ts'

/** One function a command, each with zsh's own _arguments. */
export async function zsh(commands: readonly Command[]): Promise<string> {
  const all = await offers(commands)
  return `#compdef inquest
# zsh completion for inquest; made by: inquest completion zsh
${all.map(functionOf).join('\n')}
if [[ $funcstack[1] == _inquest ]]; then _inquest "$@"; else compdef _inquest inquest; fi
`
}

function functionOf(offer: Offer): string {
  const specs = offer.flags.flatMap(argument)
  const [first] = offer.commands
  // Behind what is no command, the flags of the command that is meant where none is named.
  const otherwise = offer.path === '' && first ? nameOf(first.name) : 'true'
  if (offer.commands.length === 0) {
    return `${nameOf(offer.path)}() {\n  _arguments -s \\\n${[...specs, quoted(`*:operand:${action(offer.operands)}`)].map(spec => `    ${spec}`).join(' \\\n')}\n}`
  }
  const list = offer.commands.map(({ name, about }) => quoted(`${name}:${about}`)).join(' ')
  const cases = offer.commands.map(({ name }) => `      ${name}) ${nameOf(`${offer.path} ${name}`.trim())} ;;`)
  return `${nameOf(offer.path)}() {
  local state line context
  local -a commands=(${list})
  _arguments -s -C \\
${[...specs, quoted('1: :->first'), quoted('*:: :->rest')].map(spec => `    ${spec}`).join(' \\\n')}
  case $state in
    first) _describe command commands; ${offer.operands === 'file' ? '_files' : 'true'} ;;
    rest) case $line[1] in
${cases.join('\n')}
      *) ${otherwise} ;;
    esac ;;
  esac
}`
}

function nameOf(path: string): string {
  return `_inquest${path === '' ? '' : `_${path.replaceAll(' ', '_')}`}`
}

function argument({ spellings, about, value, values }: OfferedFlag): string[] {
  const text = about.replaceAll('[', '\\[').replaceAll(']', '\\]').replaceAll(':', '\\:')
  return spellings.map(spelling => {
    const long = spelling.startsWith('--') && value !== null ? `${spelling}=` : spelling
    return quoted(`*${long}[${text}]${value === null ? '' : `:${value}:${action(values)}`}`)
  })
}

function action(values: Values): string {
  if (values === 'file') return '_files'
  if (values === 'folder') return '_files -/'
  return values.length > 0 ? `(${values.map(value => value.replaceAll(':', '\\:')).join(' ')})` : ' '
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
