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
