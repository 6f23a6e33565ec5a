import { compiled, type WasmModule } from '../bytes/webassembly.ts'
import data from './walks.json' with { type: 'json' }

let walks: WasmModule | null | undefined

/** Null where it cannot be compiled: then every line is read. */
export function walkModule(): WasmModule | null {
  if (walks === undefined) walks = compiled(data.wasm)
  return walks
}
