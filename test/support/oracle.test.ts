import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runOracle, skipWithoutOracle, type OracleJob } from './oracle.js'
import { sharedModels } from './shared.js'
import { projectRoot } from './toolchain.js'

const path = sharedModels().find((model) => model.endsWith('/hello_world_int8.tflite'))
const skip = skipWithoutOracle() || (path === undefined && 'no ../shared/models beside the repository')
const workDir = (name: string): string => join(projectRoot, 'build/test/oracle', name)

// The sine model at eight steps of its input. The outputs are what LiteRT's reference kernels give as well.
const inputs = [-128, -96, -64, -32, 0, 32, 64, 96]
const outputs = [4, 89, 126, 90, 4, -74, -126, -88]

function sine(): OracleJob {
  return { model: path ?? '', vectors: inputs.map((value) => [new Uint8Array(Int8Array.of(value).buffer)]) }
}

t.test('the oracle gives the known outputs of a known model, and describes its tensors', { skip }, async (t) => {
  const [result] = await runOracle([sine()], workDir('known'))
  if (result?.status !== 'ok') return t.fail('the model runs', { result })
  t.same(
    result.vectors.map(([output]) => Int8Array.from(output ?? [])[0]),
    outputs,
  )
  t.match(result.inputs, [{ shape: [1, 1], type: 'int8', zeroPoints: [-128] }])
  t.match(result.outputs, [{ shape: [1, 1], type: 'int8', zeroPoints: [5] }])
})

t.test('the oracle takes a model as bytes, and gives the same bytes every time', { skip }, async (t) => {
  const job = { ...sine(), model: readFileSync(path ?? '') }
  const results = await runOracle([job, job, { ...job, reset: true }], workDir('same'))
  t.equal(results[0]?.status, 'ok')
  t.same(results[1], results[0])
  t.same(results[2], results[0])
})

t.test('a model that is cut off is refused, and the jobs after it still run', { skip }, async (t) => {
  const cut = { model: readFileSync(path ?? '').subarray(0, 1500), vectors: [] }
  const results = await runOracle([cut, sine()], workDir('refused'))
  t.match(results[0], { status: 'refused', stage: 'load', message: /1500/ })
  t.equal(results[1]?.status, 'ok')
})

t.test('a model that kills the interpreter is an aborted job', { skip }, async (t) => {
  const starved = { ...sine(), arena: 100 }
  const results = await runOracle([starved, sine()], workDir('aborted'))
  t.match(results[0], { status: 'aborted', signal: 'SIGSEGV', message: /Failed to allocate/ })
  t.equal(results[1]?.status, 'ok')
})

t.test('vectors that do not fit the model are an error of the caller', { skip }, async (t) => {
  const wrong = { model: path ?? '', vectors: [[new Uint8Array(3)]] }
  await t.rejects(runOracle([wrong], workDir('misused')), /1 vectors of 1 bytes expected, 3 bytes found/)
})
