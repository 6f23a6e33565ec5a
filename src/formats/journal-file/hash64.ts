/** A 64-bit hash in two halves, each an unsigned 32-bit number: no BigInt where every object of a file passes. */
export interface Hash64 {
  hi: number
  lo: number
}
