/** What a linked symbol occupies, by the kind of section that it is in. */
export interface LinkedSymbol {
  readonly name: string
  readonly bytes: number
  readonly kind: 'code' | 'constant' | 'data' | 'bss'
}

/** Bytes of a firmware, by section. */
export interface LinkedSizes {
  /** Code, its unwinding tables included. */
  readonly text: number
  readonly rodata: number
  /** Initialised variables: in ROM as well as in RAM. */
  readonly data: number
  /** Zeroed variables, the model's context aside. */
  readonly bss: number
  /** The model's context, alone. */
  readonly context: number
  /** All symbols that have a size, the largest first. */
  readonly symbols: readonly LinkedSymbol[]
}

/** What a model adds to a firmware, in bytes. */
export interface ModelSizes {
  readonly context: number
  /** Variables beside the context, those of library functions that only the model uses included. */
  readonly otherRam: number
  /** Code, that of such library functions included. */
  readonly code: number
  /** Weights, tables, and the initial values of variables. */
  readonly constants: number
  readonly rom: number
}

/** The sizes of a linked firmware: what `size -A -d` and `nm -S --defined-only` print of it. */
export function readSizes(size: string, nm: string): LinkedSizes {
  const sections = new Map(
    [...size.matchAll(/^(\.\S+)\s+(\d+)/gm)].map(([, name, bytes]) => [name ?? '', Number(bytes)]),
  )
  const section = (...names: readonly string[]) => names.reduce((sum, name) => sum + (sections.get(name) ?? 0), 0)
  const symbols = [...nm.matchAll(/^[0-9a-f]+ ([0-9a-f]+) (\w) (\S+)$/gm)]
    .map(([, bytes, type, name]) => ({ name: name ?? '', bytes: parseInt(bytes ?? '', 16), kind: kindOf(type ?? '') }))
    .sort((a, b) => b.bytes - a.bytes)
  return {
    text: section('.text', '.ARM.extab', '.ARM.exidx'),
    rodata: section('.rodata'),
    data: section('.data'),
    bss: section('.bss'),
    context: symbols.find(({ name }) => name === 'harness_context')?.bytes ?? 0,
    symbols,
  }
}

function kindOf(type: string): LinkedSymbol['kind'] {
  switch (type.toLowerCase()) {
    case 'r':
      return 'constant'
    case 'd':
      return 'data'
    case 'b':
      return 'bss'
    default:
      return 'code'
  }
}

/** What the model costs: the firmware with it less the same firmware built with `empty`. */
export function modelSizes(withModel: LinkedSizes, empty: LinkedSizes): ModelSizes {
  const code = withModel.text - empty.text
  const constants = withModel.rodata + withModel.data - empty.rodata - empty.data
  return {
    context: withModel.context,
    otherRam: withModel.data + withModel.bss - empty.data - empty.bss,
    code,
    constants,
    rom: code + constants,
  }
}
