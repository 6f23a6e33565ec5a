#!/usr/bin/env node
// The command as it is installed: main.ts and all that it needs, compiled beforehand where this Node can use that.
import { cached, compiled } from './compiled.ts'

compiled(cached()).run()
