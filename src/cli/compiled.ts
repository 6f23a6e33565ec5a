import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, versions } from 'node:process'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'

/** The whole command in one file, named by its content, beside this one: the build puts it there (src/build.mjs). */
declare const INQUEST_PROGRAM: string

const file = fileURLToPath(new URL(INQUEST_PROGRAM, import.meta.url))

/** V8's own form of the file, for one V8 only; what another one made is never opened. */
export const cacheFile = `${file}.${versions.v8}-${arch}`

/** What the file is: a function that is given what a CommonJS module has. */
type Program = (require: NodeJS.Require, module: object, url: string) => void

/**
 * The command, ready to be run. With a cache V8 neither parses nor compiles what an ordinary run needs: two thirds of its start. It refuses one that
 * was made under other flags or is cut, and compiles the text as ever.
 */
export function compiled(cache: Buffer | undefined): { script: Script; run: () => void } {
  // The build sees to it that the text is ASCII: this is the quickest way to read that.
  const text = readFileSync(file, 'latin1')
  const script = new Script(text, { filename: file, ...(cache && { cachedData: cache }) })
  return {
    script,
    run: () => {
      const program = script.runInThisContext() as Program // that is what the build wrote
      program(createRequire(import.meta.url), { exports: {} }, import.meta.url)
    },
  }
}

export function cached(): Buffer | undefined {
  try {
    return readFileSync(cacheFile)
  } catch {
    return undefined
  }
}
