/** Values of attributes; those that are undefined are left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Text for a document: names come from the model, so that markup in them is text, and what XML does not allow (control
 * characters, lone surrogates) or what turns the direction of writing around becomes a question mark.
 */
export function xmlText(text: string): string {
  return text
    .replace(/[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff]|\p{Surrogate}/gu, '?')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '?')
}

/** A number as short as a drawing needs it: tenths of a pixel. */
export function decimal(value: number): string {
  return String(Math.round(value * 10) / 10)
}

/** An element; its content is elements already, or text that has been through `xmlText`. */
export function element(name: string, attributes: Attributes, ...content: readonly string[]): string {
  const pairs = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${typeof value === 'number' ? decimal(value) : xmlText(value)}"`],
  )
  const opening = `<${name}${pairs.join('')}`
  return content.length === 0 ? `${opening}/>` : `${opening}>${content.join('')}</${name}>`
}

/** From the middle of a line of text down to where its letters stand. */
export const BASELINE = 4

/** Where of a text its `x` or, upright, its `y` is. */
export type Anchor = 'start' | 'middle' | 'end'

/** A line of text whose letters stand at `y`. */
export const label = (
  x: number,
  y: number,
  text: string,
  anchor: Anchor = 'start',
  kind?: string,
  transform?: string,
): string =>
  element(
    'text',
    { class: kind, x, y, 'text-anchor': anchor === 'start' ? undefined : anchor, transform },
    xmlText(text),
  )

/** Text that is read upwards; `x` is the middle of the line. */
export const upright = (x: number, y: number, text: string, anchor: Anchor, kind?: string): string =>
  label(x + BASELINE, y, text, anchor, kind, `rotate(-90 ${decimal(x + BASELINE)} ${decimal(y)})`)

/** A line from one point to another; its look is that of its `kind`. */
export const line = (kind: string, x1: number, y1: number, x2: number, y2: number): string =>
  element('line', { class: kind, x1, y1, x2, y2 })

/** Text that is cut to a number of letters: of a name, the end tells more than the beginning. */
export function fitted(text: string, letters: number): string {
  const all = Array.from(text)
  return all.length <= letters ? text : `…${all.slice(all.length - Math.max(0, letters - 1)).join('')}`
}
