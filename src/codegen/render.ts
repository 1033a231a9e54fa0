import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ejs from 'ejs'
import { InternalError } from '../ir/index.js'

/** What a template may print: text and numbers. Anything else is a defect that would show as `undefined` in the output. */
function printable(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  throw new InternalError(`a template prints ${String(value)}`)
}

/**
 * Renders an EJS template. Its data is called `m` there, and is printed as it is, without HTML escapes.
 * `template` is the location of the file.
 */
export function renderTemplate(template: URL, data: object): string {
  return ejs.render(readFileSync(template, 'utf8'), data, {
    _with: false,
    localsName: 'm',
    escape: printable,
    filename: fileURLToPath(template),
    cache: true,
  })
}
