import { compiled, instantiated } from '../../../bytes/webassembly.ts'
import type { Texts } from './meaning.ts'
import data from './walk.json' with { type: 'json' }

/** An address, or a number that changes. */
interface Cell {
  readonly value: number
}

/** What the walk asks of JavaScript; assembly/walk.ts says what each is. */
export interface Asked {
  judge(at: number, length: number): number
  named(what: number, at: number, length: number): number
  boot(at: number): number
  datum(offset: number): number
}

/** What the WebAssembly module exports; its source, where each is explained, is in assembly/. */
export interface Exports {
  memory: { buffer: ArrayBuffer }
  WINDOW: Cell
  FOUND: Cell
  GROUPS: Cell
  ANSWER: Cell
  GRAMS: Cell
  BUCKETS: Cell
  LITERALS: Cell
  MOUNT: Cell
  count: Cell
  groups: Cell
  next: Cell
  reason: Cell
  takeLiterals(all: number): void
  begin(size: number, compact: number, slots: number): void
  walk(length: number, base: number): number
  isNought(length: number): number
}

/** Null where it cannot be compiled: then journals are read whole. */
export function instanceOf(asked: Asked): Exports | null {
  const module = compiled(data.wasm)
  // The source's exports, as declared above.
  return module && (instantiated(module, { journal: asked }) as Exports)
}

const LITERAL = 64
const TEXT = 8
const MOST_TEXT = LITERAL - TEXT
const MOST_LITERALS = 1024
const GRAM = 4
const MOST_MOUNT = 15

/** Fills the tables of assembly/literals.ts. */
export function fillLiterals({ memory, GRAMS, BUCKETS, LITERALS, MOUNT, takeLiterals }: Exports, texts: Texts): void {
  const bytes = Buffer.from(memory.buffer)
  const mount = Buffer.from(texts.mount).subarray(0, MOST_MOUNT)
  bytes[MOUNT.value] = mount.length
  mount.copy(bytes, MOUNT.value + 1)
  const all = [...texts.any.map(text => ({ text, only: 0 })), ...texts.ofMounts.map(text => ({ text, only: 1 }))]
  // Text that is too short to be looked for is in any message.
  const known = all.length <= MOST_LITERALS && all.every(({ text }) => Buffer.byteLength(text) >= GRAM)
  takeLiterals(known ? 0 : 1)
  if (!known) return
  for (const [index, { text, only }] of all.entries()) {
    const fixed = Buffer.from(text).subarray(0, MOST_TEXT)
    const at = LITERALS.value + index * LITERAL
    const place = rarest(fixed)
    const hash = Math.imul(fixed.readUInt32LE(place), 0x9e3779b1) >>> 16
    const bucket = BUCKETS.value + 2 * (hash & 0xfff)
    bytes.set([fixed.length, place, only], at)
    bytes.writeUInt16LE(bytes.readUInt16LE(bucket), at + 4)
    fixed.copy(bytes, at + TEXT)
    bytes.writeUInt16LE(index + 1, bucket)
    const gram = GRAMS.value + (hash >> 3)
    bytes[gram] = (bytes[gram] ?? 0) | (1 << (hash & 7))
  }
}

/** Which four bytes of a text are least likely elsewhere: small letters and blanks are common. */
function rarest(text: Buffer): number {
  let best = 0
  let most = -1
  for (let place = 0; place + GRAM <= text.length; place++) {
    const rare = text
      .subarray(place, place + GRAM)
      .reduce((sum, byte) => sum + (byte === 32 || (byte >= 97 && byte <= 122) ? 0 : 1), 0)
    if (rare <= most) continue
    best = place
    most = rare
  }
  return best
}
