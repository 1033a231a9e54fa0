import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { compileSources } from '../src/compile.js'
import { collect } from '../src/diagnostics.js'
import { type OutputFormat, vectorDifference } from './fuzz/compare.js'
import { runOnHost } from './fuzz/host-program.js'
import { HOST_PLAN, referenceDifference } from './fuzz/references.js'
import { fromNumbers, readCase } from './support/recorded-case.js'
import { projectRoot, skipWithout, strictWarnings } from './support/toolchain.js'

const FOLDER = join(projectRoot, 'test/regression')
const COMPILER = { command: 'g++', flags: ['-O1', ...strictWarnings] }

for (const name of readdirSync(FOLDER).sort()) {
  t.test(`regression ${name}`, { skip: skipWithout('g++') }, async (t) => {
    const { model, vectors } = await readCase(join(FOLDER, name))
    const compiled = collect(() => compileSources(model, { name: 'regression', ...HOST_PLAN }))
    if (vectors.refused !== undefined || 'diagnostics' in compiled) {
      const codes = 'diagnostics' in compiled ? compiled.diagnostics.map(({ code }) => code) : 'compiled'
      t.same(codes, vectors.refused, 'the model is refused, and for this')
      return
    }
    const { inputs = [], outputs = [], inputTypes = [], outputTypes = [], tolerances = [] } = vectors
    const formats = outputTypes.map((type, index): OutputFormat => ({ type, tolerance: tolerances[index] ?? null }))
    const [given, expected] = [fromNumbers(inputs, inputTypes), fromNumbers(outputs, outputTypes)]
    t.equal(referenceDifference(model, given, expected, formats), undefined, 'the reference semantics compute it')
    const host = { name: 'regression', sources: compiled.value.sources, vectors: given }
    const [result] = await runOnHost([host], `build/regression/${name}`, COMPILER)
    if (result?.ok !== true) return t.fail('the generated code runs', { result })
    t.equal(vectorDifference(expected, result.outputs, formats), undefined, 'the generated code computes it')
  })
}
