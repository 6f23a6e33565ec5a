import { cat } from './cat.ts'
import { exportForm } from './export.ts'
import type { PrintForm } from './form.ts'
import { json } from './json.ts'
import { short } from './short.ts'
import { shortIsoPrecise } from './short-iso-precise.ts'
import { verbose } from './verbose.ts'

/** Every output form of `inquest entries`; the first is meant where none is named. */
export const printForms: readonly [PrintForm, ...PrintForm[]] = [short, shortIsoPrecise, verbose, exportForm, json, cat]
