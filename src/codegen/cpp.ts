import type { Elements, ElementType } from '../ir/index.js'
import { InternalError } from '../ir/index.js'

const C_TYPES: Partial<Record<ElementType, string>> = {
  float32: 'float',
  int8: 'int8_t',
  uint8: 'uint8_t',
  int16: 'int16_t',
  int32: 'int32_t',
  bool: 'uint8_t',
}

/** The C type of a tensor's elements. */
export function cType(type: ElementType): string {
  const name = C_TYPES[type]
  if (name === undefined) throw new InternalError(`no C type for ${type}`)
  return name
}

/** The C type of an array's elements. */
export function cTypeOf(elements: Elements): string {
  const name = elements.constructor.name.replace('Array', '').toLowerCase()
  return cType(name as ElementType)
}

/** A float literal that reads back as exactly the same float32. Infinities become the largest finite number. */
export function floatLiteral(value: number): string {
  if (Number.isNaN(value)) throw new InternalError('a constant is not a number')
  const finite = Math.max(-3.4028234663852886e38, Math.min(3.4028234663852886e38, value))
  if (Object.is(finite, -0)) return '-0.0f'
  const short = [6, 7, 8, 9]
    .map((digits) => finite.toPrecision(digits))
    .find((text) => Math.fround(Number(text)) === Math.fround(finite))
  const text = String(Number(short ?? finite.toPrecision(9)))
  return `${/[.e]/.test(text) ? text : `${text}.0`}f`
}

/** An integer literal that fits 32 bits. */
export function integerLiteral(value: number): string {
  if (!Number.isInteger(value)) throw new InternalError(`${value} is no integer`)
  // -2147483648 is the negation of a number that does not fit
  return value === -(2 ** 31) ? 'INT32_MIN' : String(value)
}

/** The elements of an array as literals. */
export function literals(elements: Elements): readonly string[] {
  return elements instanceof Float32Array ? Array.from(elements, floatLiteral) : Array.from(elements, integerLiteral)
}

/** Columns of a generated file. */
const COLUMNS = 120
/** Columns of a list: `};` goes behind its last line. */
export const LIST_COLUMNS = COLUMNS - 2

/**
 * Pieces joined by spaces, in lines of at most `width` columns that start with `indent`, the first with `first`. A piece
 * of several lines stands on lines of its own.
 */
export function fill(pieces: readonly string[], indent: string, { first = indent, width = COLUMNS } = {}): string {
  const lines: string[] = []
  let start = first
  let line = first
  const endLine = (): void => {
    lines.push(line)
    start = indent
    line = indent
  }
  for (const piece of pieces) {
    const block = piece.includes('\n')
    if (line.length > start.length && (block || line.length + 1 + piece.length > width)) endLine()
    line += line.length > start.length ? ` ${piece}` : piece
    if (block) endLine()
  }
  return (line.length > start.length || lines.length === 0 ? [...lines, line] : lines).join('\n')
}

/** Items joined by commas, in lines of at most `width` columns that start with `indent`. */
export function wrap(items: readonly string[], indent: string, width = LIST_COLUMNS): string {
  const last = items.length - 1
  return fill(
    items.map((item, index) => (index === last ? item : `${item},`)),
    indent,
    { width },
  )
}

/** A function's declaration without its `;`, its parameters on a line of their own where it would be too long. */
export function declaration(head: string, parameters: string): string {
  const line = `${head}(${parameters})`
  // the definition ends in ` {`
  return line.length + 2 <= COLUMNS ? line : `${head}(\n    ${parameters})`
}

/** Text that is safe inside a C comment: names in a model are anybody's. Long text loses its middle. */
export function commentText(text: string, length = 90): string {
  const printable = text
    .replace(/[^\x20-\x7e]/g, '?')
    // neither the end of a comment, nor a beginning, nor a trigraph
    .replace(/\*(?=\/)|\/(?=\*)|\?(?=\?)/g, '$& ')
  if (printable.length <= length) return printable
  const tail = Math.floor((length - 3) / 3)
  return `${printable.slice(0, length - 3 - tail)}...${printable.slice(-tail)}`
}

/** Text as a C string: UTF-8, its bytes beyond ASCII as octal escapes, so that no compiler's charset or trigraph counts. */
export function stringLiteral(text: string): string {
  const bytes = [...new TextEncoder().encode(text)].map((byte) => {
    const character = String.fromCharCode(byte)
    if (byte < 0x20 || byte > 0x7e) return `\\${byte.toString(8).padStart(3, '0')}`
    return /["\\?]/.test(character) ? `\\${character}` : character
  })
  return `"${bytes.join('')}"`
}

/** `conv_2d` as an identifier in upper case, for macros. */
export function macroCase(text: string): string {
  return text.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
}
