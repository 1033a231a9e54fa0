import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { renderTemplate } from '../../src/codegen/render.js'
import { InternalError } from '../../src/ir/index.js'
import { projectRoot } from '../support/toolchain.js'

const folder = join(projectRoot, 'build/test/render')
mkdirSync(folder, { recursive: true })

let templates = 0

/** Renders a template of its own file, as templates are cached by name. */
function render(text: string, data: object): string {
  const path = join(folder, `${templates++}.ejs`)
  writeFileSync(path, text)
  return renderTemplate(pathToFileURL(path), data)
}

t.test('data are called m, and printed as they are', (t) => {
  t.equal(
    render('static <%= m.type %> x; // <%= m.note %>', { type: 'at<int8_t>', note: `"a" & 'b'` }),
    `static at<int8_t> x; // "a" & 'b'`,
  )
  t.equal(render('<%= m.n %> <%= m.f %> <%= m.empty %>.', { n: -3, f: 0.5, empty: '' }), '-3 0.5 .')
  t.end()
})

t.test('a template may loop and choose', (t) => {
  const text = '<% for (const each of m.list) { -%>\n<%= each %>;\n<% } -%>\n<% if (m.no) { %>no<% } %>'
  t.equal(render(text, { list: ['a', 'b'], no: false }), 'a;\nb;\n')
  t.end()
})

t.test('what is not there is a defect, not the word undefined', (t) => {
  t.throws(() => render('<%= m.nmae %>', { name: 'x' }), InternalError)
  t.throws(() => render('<%= m.name.first %>', {}))
  t.throws(() => render('<%= name %>', { name: 'x' }), /name is not defined/, 'data have no other names')
  t.end()
})

t.test('only text and finite numbers are printed', (t) => {
  for (const value of [null, NaN, Infinity, true, {}, ['a'], () => 'a', 1n]) {
    t.throws(() => render('<%= m.value %>', { value }), InternalError, typeof value)
  }
  t.end()
})
