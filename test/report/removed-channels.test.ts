import { readFile } from 'node:fs/promises'
import t from 'tap'
import { inspectModel } from '../../src/inspect.js'
import { planReport, removedChannels } from '../../src/report/index.js'
import { builtinOperators } from '../../src/ops/index.js'
import { foreignFiles, skipWithoutForeign } from '../models/subjects.js'
import { Network } from '../support/network.js'
import { loweredFrom } from '../support/programs.js'

t.test('a model that needs all of its channels loses nothing', (t) => {
  const net = new Network()
  const { source, graph, removed } = loweredFrom(net.model([net.dense(net.input([1, 4]), { outputs: 3 })]))
  t.same(removed, { weights: { before: 12, after: 12 }, macs: { before: 12, after: 12 }, layers: [] })
  t.same(removedChannels(source, graph, builtinOperators), removed)
  t.end()
})

t.test('the report of a plan has what is left out, layer by layer', (t) => {
  const net = new Network()
  const weight = (_: number, input: number): number => (input === 1 ? 0 : 5)
  const hidden = net.conv(net.input([1, 2, 2, 2]), { outputs: 2 })
  const { removed } = planReport(loweredFrom(net.model([net.conv(hidden, { outputs: 3, weight })])))
  t.match(removed, { weights: { before: 10, after: 5 }, macs: { before: 40, after: 20 } })
  t.match(removed.layers, [
    { index: 0, channels: { before: 2, after: 1 } },
    { index: 1, channels: { before: 3, after: 3 }, weights: { before: 6, after: 3 } },
  ])
  t.end()
})

t.test('the visual wake words model loses most of its weights', { skip: skipWithoutForeign }, async (t) => {
  const model = foreignFiles.find(({ name }) => name === 'mlperf_tiny_vww96_int8')
  if (model === undefined) return t.fail('the model')
  const { removed } = inspectModel(await readFile(model.path))
  t.equal(removed?.weights.before, 208_112)
  t.ok((removed?.weights.after ?? Infinity) <= 29_066, 'weights')
  t.ok((removed?.macs.after ?? Infinity) <= 3_727_313, 'multiply-accumulates')
})
