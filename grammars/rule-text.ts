import type { Expr, Text } from '../src/rules/definition.ts'

/**
 * Text with holes: `{expr}` is filled in (`{expr|words}` has words to stand in), `[ … ]` is left out when a hole in it has no value, and `{{`, `[[`, `]]` stand for
 * the character itself.
 */
export function parseText(source: string, hole: (source: string) => Expr, fault: (message: string) => void): Text {
  const stack: Text[] = [[]]
  let plain = ''
  const flush = () => {
    if (plain) stack.at(-1)?.push(plain)
    plain = ''
  }
  for (let i = 0; i < source.length; i++) {
    const char = source[i] ?? ''
    if ('{[]'.includes(char) && source[i + 1] === char) {
      plain += char
      i++
    } else if (char === '{') {
      const end = source.indexOf('}', i)
      if (end < 0) {
        fault('a hole is not closed with }')
        break
      }
      flush()
      const [expression = '', or = null] = source.slice(i + 1, end).split('|', 2)
      stack.at(-1)?.push({ hole: hole(expression), or })
      i = end
    } else if (char === '[') {
      flush()
      stack.push([])
    } else if (char === ']') {
      flush()
      const group = stack.length > 1 ? stack.pop() : undefined
      if (group) stack.at(-1)?.push({ group })
      else fault('a ] without its [')
    } else plain += char
  }
  flush()
  if (stack.length > 1) fault('a [ is not closed with ]')
  return stack[0] ?? []
}
