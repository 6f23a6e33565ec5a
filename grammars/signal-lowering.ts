import type { CstNode, IToken } from 'chevrotain'
import type { Diagnostic } from '../src/problems/problem.ts'
import { suggest } from '../src/problems/suggest.ts'
import type { From, Hole, Kind, Part, Sample, WrittenSignal, WrittenWording } from '../src/signals/definition.ts'
import { flatten } from '../src/signals/wording.ts'
import { placeOf, strayFault } from './signal-faults.ts'
import { parseTemplate, unquote } from './template.ts'

const FROM: readonly From[] = ['pid1', 'kernel', 'journald', 'logind', 'dbus', 'client', 'cron', 'shutdown', 'coredump', 'any']
const KINDS: readonly Kind[] = ['trigger', 'history', 'coverage', 'background']

/** Turns the tree of one file into definitions. What the parser missed becomes an empty value here; it has told of it. */
export class Lowering {
  readonly faults: Diagnostic[] = []
  private readonly enums = new Map<string, string[]>()

  /** `broken`: lines where the parser found faults of form. What is missing around them is not told again. */
  constructor(
    private readonly file: string,
    private readonly broken: readonly number[],
  ) {}

  lower(tree: CstNode): WrittenSignal[] {
    const [group, second] = nodes(tree, 'group')
    const first = nodes(tree, 'signal')[0]
    if (!group && first)
      this.tell(token(first, "'signal'"), 'no group stands before the first signal', { expected: 'group NAME source "…"' })
    if (second)
      this.tell(token(second, "'group'"), 'a file is one group', { help: 'put the second group into a file of its own' })
    if (group && !token(group, "'source'"))
      this.tell(token(group, "'group'"), 'the group does not say where its knowledge comes from', {
        expected: 'source "program, version, files"',
      })
    for (const each of nodes(tree, 'enumeration')) this.enums.set(token(each, 'Key')?.image ?? '', texts(each))
    for (const each of nodes(tree, 'lost')) this.stray(each)
    const signals = nodes(tree, 'signal')
    const definitions = signals.map((node, index) => {
      const [from, to] = [signals[index], signals[index + 1]].map(
        each => (each && token(each, "'signal'")?.startLine) ?? Number.POSITIVE_INFINITY,
      )
      return this.signal(
        node,
        token(group, 'AnyWord')?.image ?? '',
        this.broken.some(line => line >= (from ?? 0) && line < (to ?? 0)),
      )
    })
    const used = nodes(tree, 'signal').flatMap(node =>
      wordingsOf(node).flatMap(text => [...text.matchAll(/\{[\w-]*:([\w-]+)\}/g)].map(([, type]) => type)),
    )
    for (const each of nodes(tree, 'enumeration')) {
      const key = token(each, 'Key')
      if (key && this.faults.length + this.broken.length === 0 && !used.includes(key.image))
        this.tell(key, `no hole takes ${key.image}`, { help: `use it as {name:${key.image}}, or take it out` })
    }
    return definitions
  }

  private signal(node: CstNode, group: string, broken: boolean): WrittenSignal {
    const name = token(node, 'SignalName') ?? token(node, 'AnyWord')
    if (!token(node, 'SignalName'))
      this.tell(name, "a signal's name has two parts", { expected: 'a name such as leftover.found' })
    const clauses = nodes(node, 'clause')
    const of = (rule: string) => clauses.flatMap(clause => nodes(clause, rule))
    const strays = of('stray')
    for (const each of strays) this.stray(each)
    const definition: WrittenSignal = {
      name: name?.image ?? '',
      group,
      about: of('about').flatMap(texts).join(' '),
      from: of('from').flatMap(each => this.speakers(each)),
      kind: this.known(token(of('kind')[0], 'AnyWord'), KINDS, 'kind'),
      wordings: of('wording').map(each => this.wording(each)),
      likes: of('like').map(each => this.sample(token(each, 'Text'), each)),
      unlikes: of('unlike').flatMap(each => tokens(each, 'Text').map(text => this.sample(text, each))),
      fold: of('fold').flatMap(each => tokens(each, 'AnyWord').map(word => word.image)),
      over: of('over').flatMap(each => tokens(each, 'SignalName').map(word => word.image)),
      file: this.file,
      at: placeOf(name ?? missing),
    }
    for (const [rule, statement] of broken || strays.length > 0 ? [] : NEEDED)
      if (of(rule).length === 0) this.tell(name, `${definition.name} lacks '${statement.split(' ')[0]}'`, { expected: statement })
    for (const rule of ONCE)
      for (const extra of of(rule).slice(1))
        this.tell(token(extra, `'${rule}'`), `'${rule}' stands twice in ${definition.name}`, { help: 'join the two' })
    return definition
  }

  private wording(node: CstNode): WrittenWording {
    const text = token(node, 'Text') ?? missing
    const at = placeOf(text)
    const sources = nodes(node, 'source').flatMap(texts)
    if (sources.length === 0 && !this.isBroken(at.line))
      this.tell(text, 'the wording does not say where it comes from', { expected: 'source "version:file:function"' })
    const parts = parseTemplate(unquote(text.image), this.enums, (from, to, message, expected, help) => {
      const place = { file: this.file, line: at.line, column: at.column + from, endColumn: at.column + Math.max(to, from + 1) }
      this.faults.push({ ...place, message, ...(expected ? { expected } : {}), ...(help ? { help } : {}) })
    })
    const version = (rule: string) =>
      nodes(node, rule).flatMap(each =>
        tokens(each, 'Version')
          .map(({ image }) => image)
          .concat(texts(each)),
      )[0] ?? null
    const vague = vagueness(parts)
    if (vague && this.faults.every(({ line }) => line !== at.line))
      this.tell(text, vague, { help: 'put the words of the message between them' })
    const by = nodes(node, 'by').flatMap(each => this.speakers(each))
    return {
      parts,
      from: by.length > 0 ? by : null,
      set: pairs(nodes(node, 'set')),
      since: version('since'),
      until: version('until'),
      source: sources.join(' '),
      at,
    }
  }

  private isBroken(line: number): boolean {
    return this.broken.includes(line) || this.faults.some(fault => fault.line === line)
  }

  /** One fault a line: what follows on it is part of the same mistake. */
  private stray(node: CstNode): void {
    const found = Object.values(node.children).flatMap(each => each ?? [])
    const strays = found.filter((each): each is IToken => 'image' in each).sort((a, b) => a.startOffset - b.startOffset)
    for (const each of strays)
      if (!this.isBroken(placeOf(each).line)) this.faults.push({ file: this.file, ...placeOf(each), ...strayFault(each) })
  }

  private sample(text: IToken | undefined, node: CstNode): Sample {
    return { message: text ? unquote(text.image).text : '', gives: pairs([node]), at: placeOf(text ?? missing) }
  }

  private speakers(node: CstNode): From[] {
    return tokens(node, 'AnyWord').map(word => this.known(word, FROM, 'speaker'))
  }

  private known<T extends string>(word: IToken | undefined, allowed: readonly T[], noun: string): T {
    const found = allowed.find(each => each === word?.image)
    const [first] = allowed
    if (!first) throw new Error('nothing allowed')
    if (found || !word) return found ?? first
    const near = suggest(word.image, allowed)
    this.tell(word, `'${word.image}' is no ${noun}`, {
      expected: allowed.join(', '),
      ...(near ? { help: `did you mean '${near}'?` } : {}),
    })
    return first
  }

  private tell(place: IToken | undefined, message: string, rest: { expected?: string; help?: string }): void {
    this.faults.push({ file: this.file, ...placeOf(place ?? missing), message, ...rest })
  }
}

/** Why nobody could say what such a text takes; null where it is sound. */
function vagueness(parts: readonly Part[]): string | null {
  const flats = flatten(parts)
  if (flats.some(flat => flat.every(part => typeof part !== 'string' && part.type !== 'enum')))
    return 'a text of holes alone fits anything'
  const open = flats.some(flat => flat.some((part, index) => isOpen(part) && typeof flat[index + 1] === 'object'))
  return open ? 'two holes stand side by side: where the first ends would be a guess' : null
}

function isOpen(part: string | Hole): boolean {
  return typeof part === 'object' && part.type !== 'enum' && part.type !== 'int' && part.type !== 'signed'
}

/** Clauses that no signal can do without, by the parser's rule. */
const NEEDED: readonly [string, string][] = [
  ['about', 'about "what it means, in one sentence"'],
  ['from', `from ${FROM.join(' | ')}`],
  ['kind', `kind ${KINDS.join(' | ')}`],
  ['wording', 'text "the message with {holes}" source "…"'],
  ['unlike', 'unlike "a message that looks like it and is not"'],
]
const ONCE = ['about', 'from', 'kind', 'over', 'unlike', 'fold']

function wordingsOf(signal: CstNode): string[] {
  return nodes(signal, 'clause').flatMap(clause => nodes(clause, 'wording').flatMap(texts))
}

/** Stands in for a token that the parser did not find. */
const missing: IToken = {
  image: '""',
  startOffset: 0,
  startLine: 1,
  startColumn: 1,
  tokenTypeIdx: 0,
  tokenType: { name: 'missing' },
}

function nodes(node: CstNode, name: string): CstNode[] {
  return (node.children[name] ?? []).filter((each): each is CstNode => 'children' in each)
}
function tokens(node: CstNode, name: string): IToken[] {
  return (node.children[name] ?? []).filter((each): each is IToken => 'image' in each)
}
function token(node: CstNode | undefined, name: string): IToken | undefined {
  return node && tokens(node, name)[0]
}
function texts(node: CstNode): string[] {
  return tokens(node, 'Text').map(({ image }) => unquote(image).text)
}
function pairs(holders: CstNode[]): Record<string, string> {
  const found = holders.flatMap(holder => nodes(holder, 'pair'))
  return Object.fromEntries(found.map(pair => [token(pair, 'Key')?.image ?? '', texts(pair)[0] ?? '']))
}
