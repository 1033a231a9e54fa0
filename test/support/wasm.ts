/** WebAssembly as Node.js has it; its types for it are those of browsers alone. */
interface WebAssemblyApi {
  instantiate(
    bytes: Uint8Array,
    imports: object,
  ): Promise<{ readonly instance: { readonly exports: Readonly<Record<string, unknown>> } }>
}

const api = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly

/** The memory of an instance. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer
}

/** What an instance of a module exports. The caller says what that is. */
export async function wasmExports<Exports>(bytes: Uint8Array, imports: object = {}): Promise<Exports> {
  return (await api.instantiate(bytes, imports)).instance.exports as Exports
}
