import fc from 'fast-check'
import { marked, type Token } from 'marked'
import { expect, test } from 'vitest'
import { anyReport, labReport, written } from './sample.ts'

/** All that the report itself writes. A link, an image, HTML or emphasis could only come from the log. */
const OURS = new Set(['heading', 'paragraph', 'text', 'list', 'list_item', 'strong', 'codespan', 'code', 'space'])

function kinds(tokens: readonly Token[]): string[] {
  return tokens.flatMap(token => {
    const below = 'items' in token ? (token.items as Token[]) : (('tokens' in token ? token.tokens : undefined) ?? [])
    return [token.type === 'strong' ? `strong ${'text' in token ? token.text : ''}` : token.type, ...kinds(below)]
  })
}

test('log text stays text: no link, image, HTML or emphasis comes of it', () => {
  fc.assert(
    fc.property(anyReport, fc.string({ unit: 'binary' }), (report, said) => {
      const found = kinds(marked.lexer(written('markdown', report, { explanation: [said, '```\n<img>'] })))
      const foreign = found.filter(kind => !OURS.has(kind) && !/^strong (DANGER:|[\d :.-]+)$/.test(kind))
      expect(foreign).toEqual([])
    }),
    { numRuns: 500 },
  )
})

test('a ticket of a real log', async () => {
  const report = await labReport('rsyslog-stoprace-255', 'short', '/var/log/messages')
  await expect(written('markdown', report)).toMatchFileSnapshot('expected/froze.md')
})
