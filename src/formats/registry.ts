import { cat } from './cat.ts'
import type { Form } from './form.ts'
import { json } from './json.ts'
import type { LineForm } from './lines.ts'
import { short } from './short.ts'

/** Forms of one record a line with a header of their own, in the order in which they are tried: the strict ones first. */
const textForms = [short] satisfies LineForm[]

/** Every form, in the order in which a line is tried. `cat` is the last resort and stands last. */
export const forms: readonly Form[] = [json, ...textForms, cat]

/** Forms in which a wrapped line may be written. */
export const innerForms: readonly LineForm[] = textForms

export function formNamed(name: string): Form | undefined {
  return forms.find(form => form.name === name)
}
