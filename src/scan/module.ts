import data from './walks.json' with { type: 'json' }

/** A compiled module; one may be handed to other threads, which then need not compile it. */
export type WalkModule = object

/** What is used of it; the types of Node 20 do not have it yet. */
interface Engine {
  Module: new (bytes: Buffer) => WalkModule
}

let compiled: WalkModule | null | undefined

/** Null where this machine has no WebAssembly with SIMD: then every line is read. */
export function walkModule(): WalkModule | null {
  if (compiled === undefined) {
    // Node has it since 8, its types do not.
    const { WebAssembly: engine } = globalThis as unknown as { WebAssembly?: Engine }
    try {
      compiled = engine ? new engine.Module(Buffer.from(data.wasm, 'base64')) : null
    } catch {
      compiled = null
    }
  }
  return compiled
}
