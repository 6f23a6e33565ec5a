/** Whether a change is good must not hang on chance: CI draws the same cases each time, a developer's machine new ones. */
import fc from 'fast-check'

if (process.env.CI) fc.configureGlobal({ seed: 20_261_124 })
