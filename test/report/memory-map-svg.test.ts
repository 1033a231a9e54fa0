import { readFileSync } from 'node:fs'
import t from 'tap'
import { plan } from '../../src/index.js'
import { type MemoryMap, memoryMap, memoryMapSvg, planReport } from '../../src/report/index.js'
import { activation, chain, plain } from '../support/layers.js'
import { allModels } from '../support/models.js'
import type { ModelSpec } from '../support/model-writer.js'
import { loweredFrom } from '../support/programs.js'
import { elementsNamed, parseXml, type XmlElement } from '../support/xml.js'
import { pooledImage, residual } from './samples.js'

const MAX_BYTES = 300_000

function mapOf(spec: ModelSpec): MemoryMap {
  const lowered = loweredFrom(spec)
  return memoryMap(lowered, planReport(lowered))
}

const drawn = (map: MemoryMap, title = 'net'): XmlElement => parseXml(memoryMapSvg(map, title))
const textsOf = (svg: XmlElement): readonly string[] => elementsNamed(svg, 'text').map(({ text }) => text)
const classOf = ({ attributes }: XmlElement): string => attributes['class'] ?? ''

t.test('each buffer is a shape in the colour of its kind, with a tooltip', (t) => {
  const paths = elementsNamed(drawn(mapOf(residual)), 'path')
  t.same(paths.map(classOf), ['b input', 'b ring', 'b ring', 'b output'])
  t.same(
    paths.map(({ children }) => children[0]?.text),
    ['input: x, 120 bytes', 'ring: c, 20 bytes', 'ring: r, 20 bytes', 'output: y, 120 bytes'],
  )
  // a ring that is free in between is a shape for each time that it is alive
  t.equal(paths[1]?.attributes['d']?.match(/M/g)?.length, 6)
  t.end()
})

t.test('a shape lies where the map says', (t) => {
  const tensors = [activation('x', [1, 8]), activation('y', [1, 8], 0.2, 0)]
  const svg = drawn(mapOf(chain(tensors, [plain('QUANTIZE', 0, 1)])))
  const [path] = elementsNamed(svg, 'path')
  const [, x0 = '', y0 = '', top = '', right = ''] =
    /^M([\d.]+) ([\d.]+)V([\d.]+)H([\d.]+)/.exec(path?.attributes['d'] ?? '') ?? []
  const axis = elementsNamed(svg, 'line').find((line) => classOf(line) === 'axis')?.attributes ?? {}
  const arena = elementsNamed(svg, 'line').find((line) => classOf(line) === 'arena')?.attributes ?? {}
  t.match(axis, { x1: x0, y1: y0, x2: right }, 'one buffer from the first column to the last, upon the axis')
  t.equal(top, arena['y1'], 'up to the arena')
  t.end()
})

t.test('there are the sizes, the bound, the peak, the legend and the operators', (t) => {
  const svg = drawn(mapOf(residual), 'a model')
  const texts = textsOf(svg)
  for (const text of ['a model', 'peak', 'arena 180', 'bound 160', 'cascade', '0 CONV_2D', '1 RELU', '2 ADD', 'x 120'])
    t.ok(texts.includes(text), text)
  t.match(texts[1], /^context 180 bytes, stack apart \(input resident\); no layout .* smaller than 160 bytes$/)
  t.same(
    elementsNamed(svg, 'rect').map(classOf),
    ['back', 'input', 'output', 'ring'],
    'the legend has the kinds that are there',
  )
  t.end()
})

t.test('it is drawn for light and for dark', (t) => {
  const [style] = elementsNamed(drawn(mapOf(residual)), 'style')
  const [light = '', dark = ''] = style?.text.split('@media (prefers-color-scheme: dark)') ?? []
  const selectors = (css: string): readonly string[] =>
    css.split('\n').flatMap((rule) => (rule.split('{')[0] ?? '').split(',').map((selector) => selector.trim()))
  for (const selector of [
    'text',
    '.back',
    '.input',
    '.output',
    '.tensor',
    '.ring',
    '.accumulators',
    '.bound',
    '.arena',
  ]) {
    t.ok(selectors(light).includes(selector), selector)
    t.ok(selectors(dark).includes(selector), `${selector}, dark`)
  }
  t.end()
})

t.test('names cannot break out of the drawing', (t) => {
  const hostile = '"/></svg><script>alert(1)</script>&\u0000\u202e'
  const tensors = [activation(hostile, [1, 8]), activation('y', [1, 8], 0.2, 0)]
  const svg = drawn(mapOf(chain(tensors, [plain('QUANTIZE', 0, 1)])), hostile)
  t.same(elementsNamed(svg, 'script'), [])
  t.match(elementsNamed(svg, 'path')[0]?.children[0]?.text, '<script>alert(1)</script>&??')
  t.end()
})

t.test('the drawings of all models are well-formed, small, and the same each time', (t) => {
  for (const { name, path } of allModels().filter(({ name }) => !name.includes('hybrid'))) {
    const { map } = plan(readFileSync(path))
    if (map === undefined) return t.fail(`${name} is planned`)
    const text = memoryMapSvg(map, name)
    t.ok(text.length < MAX_BYTES, `${name}: ${text.length} bytes`)
    t.equal(elementsNamed(parseXml(text), 'path').length, map.buffers.length)
    t.notMatch(text, /NaN|undefined|Infinity/)
    t.equal(memoryMapSvg(map, name), text)
  }
  t.end()
})

t.test('the drawing of a long schedule is small, and says that its columns are several steps', (t) => {
  const text = memoryMapSvg(mapOf(pooledImage(3000)), 'long')
  t.ok(text.length < MAX_BYTES, `${text.length} bytes`)
  t.match(textsOf(parseXml(text))[1], /; columns of up to \d+ steps$/)
  t.end()
})

t.test('many short stages get a wider drawing', (t) => {
  const shape = [1, 4]
  const count = 80
  const tensors = Array.from({ length: count + 1 }, (_, i) => activation(`t${i}`, shape, 0.05 + 0.001 * i, 0))
  // an output of each operator, so that none is fused
  const operators = Array.from({ length: count }, (_, i) => plain('QUANTIZE', i, i + 1))
  const svg = drawn(mapOf({ tensors, operators, inputs: [0], outputs: Array.from({ length: count }, (_, i) => i + 1) }))
  t.ok(Number(svg.attributes['width']) > 1400)
  t.ok(textsOf(svg).includes('79 LOOKUP') || textsOf(svg).includes('79 QUANTIZE'))
  t.end()
})
