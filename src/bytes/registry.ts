import { bzip2 } from './bzip2.ts'
import type { Container } from './container.ts'
import { gzip } from './gzip.ts'
import { lz4 } from './lz4.ts'
import { utf16 } from './utf16.ts'
import { xz } from './xz.ts'
import { zstd } from './zstd.ts'

/** Every wrapping of bytes, in the order in which their first bytes are tried. */
export const containers: readonly Container[] = [gzip, zstd, xz, bzip2, lz4, utf16]
