/** What is used of it; it ships no types. */
declare module 'lz4js' {
  const lz4: {
    /** Decodes one block into `target` from `at` on; returns where it ended. Matches may reach back before `at`. */
    decompressBlock(source: Uint8Array, target: Uint8Array, from: number, length: number, at: number): number
    /** For tests. Packs one block; returns its length, 0 where it does not get shorter. */
    compressBlock(source: Uint8Array, target: Uint8Array, from: number, length: number, table: Uint32Array): number
    compressBound(length: number): number
  }
  export default lz4
}
