/** An element of a parsed document. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  /** Its text, that of its children left out. */
  readonly text: string
}

const NAME = '[A-Za-z_][\\w.:-]*'
const TAG = new RegExp(`<(/?)(${NAME})((?:\\s+${NAME}="[^"<]*")*)\\s*(/?)>`, 'y')
const ATTRIBUTE = new RegExp(`(${NAME})="([^"<]*)"`, 'g')
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

function decoded(text: string): string {
  if (/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/u.test(text)) throw new Error('XML has no such character')
  return text.replace(/&(?:([#\w]+);)?/g, (entity, name: string | undefined) => {
    const character = ENTITIES[name ?? '']
    if (character === undefined) throw new Error(`unknown entity ${entity}`)
    return character
  })
}

function attributesOf(text: string): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(ATTRIBUTE)].map(([, name = '', value = '']) => [name, decoded(value)] as const)
  if (new Set(pairs.map(([name]) => name)).size < pairs.length) throw new Error(`an attribute is given twice:${text}`)
  return Object.fromEntries(pairs)
}

/** Parses a document of elements, attributes in double quotes and text, and throws where it is not well-formed. */
export function parseXml(document: string): XmlElement {
  const root = { name: '', attributes: {}, children: [] as XmlElement[], text: '' }
  const open = [root]
  let at = 0
  while (at < document.length) {
    const parent = open.at(-1) as typeof root
    if (document[at] === '<') {
      TAG.lastIndex = at
      const [tag = '', closing, name = '', attributes = '', empty] = TAG.exec(document) ?? []
      if (tag === '') throw new Error(`no tag: ${document.slice(at, at + 60)}`)
      at += tag.length
      if (closing === '/') {
        if (open.length === 1 || parent.name !== name) throw new Error(`${name} is not open`)
        open.pop()
      } else {
        const element = { name, attributes: attributesOf(attributes), children: [], text: '' }
        parent.children.push(element)
        if (empty !== '/') open.push(element)
      }
    } else {
      const end = document.indexOf('<', at)
      const text = document.slice(at, end < 0 ? undefined : end)
      at += text.length
      parent.text += decoded(text)
    }
  }
  const [element, ...others] = root.children
  if (element === undefined || others.length > 0 || open.length > 1 || root.text.trim() !== '')
    throw new Error('a document is one element')
  return element
}

/** All elements of a name within an element, in the order of the document. */
export function elementsNamed({ children }: XmlElement, name: string): readonly XmlElement[] {
  return children.flatMap((child) => [...(child.name === name ? [child] : []), ...elementsNamed(child, name)])
}
