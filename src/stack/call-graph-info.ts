/** The frame of a function, as the compiler that made it knows it. */
export interface Frame {
  /** As in its source, without namespace and parameters. */
  readonly name: string
  readonly bytes: number
  /** False when a part of it is known at run time only. */
  readonly bounded: boolean
}

const NODE = /^node: \{ title: "(?:[^"]*:)?([^":]+)" label: "([^"]*?)\\n[^"]*\\n(\d+) bytes \(([^)]*)\)/gm

/** The frames in a `.ci` file of `gcc -fcallgraph-info=su`, by the functions' names in the linked program. */
export function readFrames(text: string): ReadonlyMap<string, Frame> {
  const nodes = [...text.matchAll(NODE)].map(([, symbol = '', label = '', bytes, kind = '']): [string, Frame] => [
    symbol,
    {
      name: label.startsWith('constprop(') ? nameInSymbol(symbol) : shortName(label),
      bytes: Number(bytes),
      bounded: kind !== 'dynamic',
    },
  ])
  return new Map(nodes)
}

/** `row` of `_ZN4eoncL3rowEPKa.constprop.0`: of a copy with constant parameters the compiler tells no name. */
function nameInSymbol(symbol: string): string {
  let name = symbol
  let rest = symbol.replace(/^_ZN?/, '')
  for (let length = /^L?(\d+)/.exec(rest); length !== null; length = /^L?(\d+)/.exec(rest)) {
    const [prefix, digits] = length
    name = rest.slice(prefix.length, prefix.length + Number(digits))
    rest = rest.slice(prefix.length + Number(digits))
  }
  return name
}

/** `row` of `void eonc::row<T>(const params&) [with T = float]`. */
function shortName(declaration: string): string {
  const [head = ''] = declaration.split('(')
  return (
    head
      .split(/\s|::/)
      .at(-1)
      ?.replace(/^[*&]+/, '') ?? head
  )
}
