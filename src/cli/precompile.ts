// Run with the arguments of an ordinary analysis: keeps what V8 compiled for it, for later starts (compiled.ts).
import { renameSync, writeFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { cacheFile, compiled } from './compiled.ts'

const { script, run } = compiled(undefined)

process.on('exit', () => {
  // As they are when a start reads the cache: V8 takes none that was made under other flags, and main.ts sets one.
  setFlagsFromString('--heap-growing-percent=0')
  const draft = `${cacheFile}.${process.pid}`
  writeFileSync(draft, script.createCachedData())
  renameSync(draft, cacheFile)
})

run()
