import t from 'tap'
import { SAMPLES } from '../tflite/samples.js'
import { writeModel } from './model-writer.js'
import { runOracle, skipWithoutOracle } from './oracle.js'

t.test('the oracle takes what the writer writes', { skip: skipWithoutOracle() }, async (t) => {
  const samples = Object.entries(SAMPLES)
  const jobs = samples.map(([, sample]) => ({ model: writeModel(sample), vectors: [] }))
  const results = await runOracle(jobs, 'build/test/model-writer')
  samples.forEach(([name, sample], index) => {
    const result = results[index]
    t.equal(result?.status, 'ok', name)
    if (result?.status !== 'ok') return
    const output = sample.tensors[sample.outputs[0] ?? -1]
    t.match(
      result.outputs[0],
      { shape: output?.shape, type: output?.type, scales: output?.quantization?.scales ?? [] },
      `${name}: the output is the one that was described`,
    )
  })
})
