/** A compiled module; one may be handed to other threads, which then need not compile it. */
export type WasmModule = object

/** What is used of it; Node has it since 8, its types do not. */
interface Engine {
  Module: new (bytes: Buffer) => WasmModule
  Instance: new (module: WasmModule, imports: object) => { exports: unknown }
}
const { WebAssembly: engine } = globalThis as unknown as { WebAssembly?: Engine }

/** @param text as the build writes it, in base64. Null where this machine has no WebAssembly, or none with SIMD. */
export function compiled(text: string): WasmModule | null {
  try {
    return engine ? new engine.Module(Buffer.from(text, 'base64')) : null
  } catch {
    return null
  }
}

/** What a new instance of the module exports; null where there is no room for one. */
export function instantiated(module: WasmModule, imports: object = {}): unknown {
  try {
    return engine ? new engine.Instance(module, imports).exports : null
  } catch {
    return null
  }
}
