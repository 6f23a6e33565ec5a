import { compiled, instantiated, type WasmModule } from '../webassembly.ts'
import data from './pack.json' with { type: 'json' }

/** Bytes of a block, at most. */
export const BLOCK = 1 << 16

/** What the WebAssembly module exports; its source is in assembly/. */
interface Exports {
  memory: { buffer: ArrayBuffer }
  INPUT: { readonly value: number }
  OUTPUT: { readonly value: number }
  pack(size: number): number
}

let module: WasmModule | null | undefined

/** Packs blocks as LZ4 does (src/bytes/lz4-block.ts unpacks them): 1 to 2 GB of a log a second. */
export class Packer {
  private readonly exports: Exports | null
  private readonly memory: Buffer

  constructor() {
    if (module === undefined) module = compiled(data.wasm)
    // Declared above; nothing but the source in assembly/ can be checked against it.
    this.exports = module && (instantiated(module) as Exports | null)
    this.memory = this.exports ? Buffer.from(this.exports.memory.buffer) : Buffer.alloc(0)
  }

  /** The same bytes in less room, until the next are packed; as they are where that cannot be. */
  packed(block: Buffer): Buffer {
    if (!this.exports) return block
    const { INPUT, OUTPUT } = this.exports
    this.memory.fill(block, INPUT.value, INPUT.value + block.length)
    const size = this.exports.pack(block.length)
    return size < block.length ? this.memory.subarray(OUTPUT.value, OUTPUT.value + size) : block
  }
}
