// AssemblyScript. The walks over lines, and the tables that src/scan/walk.ts fills and reads. Compiled by src/build.mjs.

export { addPlace, begin, earliest, forgetPlaces, forgetWords, heed, latest, line, open, place, places, PLACES, seq, shut, STRANGER, time, words, WORDS } from './heard'
export { FIELD_LENGTHS, FIELD_NAMES, walkJson } from './json'
export { forgetLines } from './lines'
export { forgetMarks } from './marks'
export { forgetHead } from './steady'
export { STAMP, walkText } from './text'
export { FILTER, glance, GRAMS, INITIALS, look, MOUNT_WORDS, NEEDLES, ROUGH, SUSPECTS } from './message'

/** Where the block of lines lies: behind all tables. */
export const BLOCK: usize = (__heap_base + 63) & ~63
