/**
 * How fast a packed file is unpacked, nothing else being done with its text: for `npm run bench`, beside zcat and its like.
 *
 *   node bench/run.mjs unpack.ts FILE
 */
import { openBytes } from '../src/bytes/open.ts'
import { storedAt } from '../src/bytes/stored.ts'

const [path] = process.argv.slice(2)
if (path === undefined) throw new Error('usage: node bench/run.mjs unpack.ts FILE')
const bytes = openBytes(await storedAt(path))
let size = 0
for await (const chunk of bytes.chunks) size += chunk.length
process.stdout.write(`${size}\n`)
