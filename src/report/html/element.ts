import { safe } from '../safe.ts'

/** Markup that is safe to place; only this file makes it from text. */
export interface Markup {
  readonly html: string
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const entities = (text: string): string => safe(text).replace(/[&<>"']/g, char => ENTITIES[char] ?? '')

/** An element of texts (escaped) and elements. `tag` may carry a class: `td.time`. */
export function element(tag: string, ...inner: readonly (Markup | string)[]): Markup {
  return elementWith(tag, {}, ...inner)
}

/** The same with attributes; their values are escaped. */
export function elementWith(
  tag: string,
  attributes: Readonly<Record<string, string | number>>,
  ...inner: readonly (Markup | string)[]
): Markup {
  const [name, style] = tag.split('.')
  const given = Object.entries({ ...(style ? { class: style } : {}), ...attributes })
  const told = given.map(([key, value]) => ` ${key}="${entities(String(value))}"`).join('')
  return { html: `<${name}${told}>${inner.map(rendered).join('')}</${name}>` }
}

export const rendered = (part: Markup | string): string => (typeof part === 'string' ? entities(part) : part.html)
