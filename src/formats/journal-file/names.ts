/** Slots of names met before; journals have some eighty names. */
const SLOTS = 1024
const known: string[] = new Array<string>(SLOTS).fill('')

/** The name that these bytes are, the same string each time: made once, its hash is known to whoever looks it up. */
export function nameAt(bytes: Uint8Array, from: number, to: number): string {
  const length = to - from
  // Callers stay within bounds.
  const slot = ((length * 31 + (bytes[from + (length >> 1)] as number)) * 31 + (bytes[to - 1] as number)) & (SLOTS - 1)
  const name = known[slot] ?? ''
  if (isAt(name, bytes, from, length)) return name
  const made = Buffer.from(bytes.buffer, bytes.byteOffset + from, length).toString('latin1')
  known[slot] = made
  return made
}

function isAt(name: string, bytes: Uint8Array, from: number, length: number): boolean {
  if (name.length !== length) return false
  for (let index = 0; index < length; index++) if (name.charCodeAt(index) !== bytes[from + index]) return false
  return true
}
