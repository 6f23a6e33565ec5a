import type { Container } from './container.ts'
import { gzip } from './gzip.ts'
import { utf16 } from './utf16.ts'

/** Every wrapping of bytes, in the order in which their first bytes are tried. */
export const containers: readonly Container[] = [gzip, utf16]
