// Run with the arguments of an ordinary analysis: keeps what V8 compiled for it, for later starts (compiled.ts). Run again it says, by its
// status, whether a start takes that.
import { renameSync, writeFileSync } from 'node:fs'
import { cached, cacheFile, compiled } from './compiled.ts'
import { asAtStart } from './heap.ts'

const before = cached()
const { script, run } = compiled(before)

if (before) process.exit(script.cachedDataRejected ? 1 : 0)

process.on('exit', () => {
  asAtStart()
  const draft = `${cacheFile}.${process.pid}`
  writeFileSync(draft, script.createCachedData())
  renameSync(draft, cacheFile)
})

run()
