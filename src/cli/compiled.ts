import { createRequire } from 'node:module'

/** The whole command in one file, named by its content, beside this one: the build puts it there (src/build.mjs). */
declare const INQUEST_PROGRAM: string

// Not imported: an ES module that imports node:fs, node:url or node:process has Node load all that they may ever give, for 4 ms.
export const require = createRequire(import.meta.url)
const { readFileSync }: typeof import('node:fs') = require('node:fs')
const { fileURLToPath }: typeof import('node:url') = require('node:url')
const { Script }: typeof import('node:vm') = require('node:vm')

const file = fileURLToPath(new URL(INQUEST_PROGRAM, import.meta.url))

/** V8's own form of the file, for one V8 only; what another one made is never opened. */
export const cacheFile = `${file}.${process.versions.v8}-${process.arch}`

/** What the file is: a function that is given what a CommonJS module has. */
type Program = (require: (name: string) => unknown, module: object, url: string) => void

/**
 * The command, ready to be run. With a cache V8 neither parses nor compiles what an ordinary run needs: half of its start. It refuses one that
 * was made under other flags or is cut, and compiles the text as ever.
 */
export function compiled(cache: Buffer | undefined) {
  // The build sees to it that the text is ASCII: this is the quickest way to read that.
  const text = readFileSync(file, 'latin1')
  const script = new Script(text, { filename: file, ...(cache && { cachedData: cache }) })
  return {
    script,
    run: () => {
      const program: Program = script.runInThisContext()
      program(required, { exports: {} }, import.meta.url)
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

/** Modules of Node's that a log of plain text does not need; each loads others, for 1 to 4 ms. */
const LATER = /^node:(?:child_process|crypto|os|readline|stream.*|timers\/promises|util|v8|zlib)$/

function required(name: string): unknown {
  if (!LATER.test(name)) return require(name)
  let loaded: Record<PropertyKey, unknown> | null = null
  return new Proxy(
    {},
    {
      get: (_, key) => {
        loaded ??= require(name)
        return loaded?.[key]
      },
    },
  )
}
