#!/usr/bin/env node
// The command as it is installed: main.ts and all that it needs, compiled beforehand where this Node can use that.
import { startEarly } from '../scan/early.ts'
import { cached, compiled, require } from './compiled.ts'

startEarly(process.argv.slice(2), require)
compiled(cached()).run()
