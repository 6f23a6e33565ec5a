/** Looks into the parser's tree. */
import type { CstNode, IToken } from 'chevrotain'

const DURATION: Readonly<Record<string, number>> = { ms: 0.001, s: 1, min: 60, h: 3600, d: 86400 }

export function seconds(literal: IToken | undefined): number {
  const [, number, unit] = /^([\d.]+)\s*(\w+)$/.exec(literal?.image ?? '') ?? []
  return Number(number ?? 0) * (DURATION[unit ?? ''] ?? 1)
}

export function unquote(image: string): string {
  return image.slice(1, -1).replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
}

export function nodes(node: CstNode, name: string): CstNode[] {
  return (node.children[name] ?? []).filter((each): each is CstNode => 'children' in each)
}
export function tokens(node: CstNode, name: string): IToken[] {
  return (node.children[name] ?? []).filter((each): each is IToken => 'image' in each)
}
export function token(node: CstNode, name: string): IToken | undefined {
  return tokens(node, name)[0]
}
export function strings(node: CstNode): string[] {
  return tokens(node, 'String').map(each => unquote(each.image))
}
