import t from 'tap'
import { decimal, element, fitted, label, line, upright, xmlText } from '../../src/report/svg-elements.js'
import { parseXml } from '../support/xml.js'

t.test('markup in a text is text', (t) => {
  const hostile = `</text><script>alert("1")</script>&amp;'`
  const { children, text } = parseXml(element('text', {}, xmlText(hostile)))
  t.same(children, [])
  t.equal(text, hostile)
  t.end()
})

t.test('markup in an attribute is a value', (t) => {
  const hostile = `" onload="alert(1)" x='<&>`
  t.same(parseXml(element('g', { id: hostile })).attributes, { id: hostile })
  t.end()
})

t.test('characters that XML does not have, or that turn the line around, become question marks', (t) => {
  t.equal(xmlText('a\u0000b\u001b[2Jc\nd\u007fe\u009bf\ud800g\uffffh\u202ei\u2066j'), 'a?b?[2Jc?d?e?f?g?h?i?j')
  t.equal(xmlText('größe 模型 🎉'), 'größe 模型 🎉')
  t.end()
})

t.test('numbers are tenths of a pixel, and attributes may be left out', (t) => {
  t.equal(decimal(1 / 3), '0.3')
  t.equal(decimal(12), '12')
  t.equal(element('rect', { x: 1 / 3, y: 2, class: undefined }), '<rect x="0.3" y="2"/>')
  t.equal(line('grid', 0, 1, 2, 3), '<line class="grid" x1="0" y1="1" x2="2" y2="3"/>')
  t.end()
})

t.test('a label stands where it is told, along the line or upright', (t) => {
  t.equal(label(1, 2, 'a<b'), '<text x="1" y="2">a&lt;b</text>')
  t.equal(label(1, 2, 'x', 'end', 'faint'), '<text class="faint" x="1" y="2" text-anchor="end">x</text>')
  t.match(parseXml(upright(10, 20, 'x', 'middle')).attributes, { x: '14', transform: 'rotate(-90 14 20)' })
  t.end()
})

t.test('of a text that is too long the end stays', (t) => {
  t.equal(fitted('model/conv/Relu', 15), 'model/conv/Relu')
  t.equal(fitted('model/conv/Relu', 6), '…/Relu')
  t.equal(fitted('🎉🎉🎉', 2), '…🎉', 'no letter is cut in two')
  t.end()
})
