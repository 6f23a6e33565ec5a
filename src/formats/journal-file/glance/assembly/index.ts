// AssemblyScript, compiled when the package is built (src/build.mjs). What JavaScript calls and sees of it: ../walker.ts.

export { BUCKETS, GRAMS, LITERALS, MOUNT, takeLiterals } from './literals'
export { ANSWER } from './slots'
export { begin, count, FOUND, GROUPS, groups, isNought, next, reason, WINDOW, walk } from './walk'
