import { type Diagnostic, DiagnosticsError } from '../../src/ir/diagnostic.js'
import { readModel } from '../../src/tflite/index.js'
import { type ModelSpec, type TensorSpec, writeModel } from '../support/model-writer.js'

/** The diagnostics that `run` leaves with; none when it returns. */
export function thrownBy(run: () => unknown): readonly Diagnostic[] {
  try {
    run()
    return []
  } catch (error) {
    if (error instanceof DiagnosticsError) return error.diagnostics
    throw error
  }
}

/** What the reader finds in a file: its diagnostics if it refuses the file, else its notices. */
export function diagnosticsOf(file: Uint8Array): readonly Diagnostic[] {
  let notices: readonly Diagnostic[] = []
  const thrown = thrownBy(() => (notices = readModel(file).notices))
  return thrown.length > 0 ? thrown : notices
}

/** The findings as texts `CODE: rule, found` followed by where each is. */
export function findingsOf(model: ModelSpec | Uint8Array): readonly string[] {
  const file = model instanceof Uint8Array ? model : writeModel(model)
  return diagnosticsOf(file).map(({ code, rule, found, where }) => `${code}: ${rule}, ${found}${place(where)}`)
}

function place(where: Diagnostic['where']): string {
  if (where === undefined) return ''
  const { subgraph, operator, tensor } = where
  const operatorText = operator === undefined ? '' : `, operator ${operator.index} ${operator.kind} "${operator.name}"`
  const tensorText = tensor === undefined ? '' : `, tensor ${tensor.index} "${tensor.name}"`
  return ` at subgraph ${subgraph}${operatorText}${tensorText}`
}

/** A valid model that adds a constant to its input, with changes of its tensors: `x`, the constant `c`, `y`. */
export function addModel(
  changes: {
    readonly x?: Partial<TensorSpec>
    readonly c?: Partial<TensorSpec>
    readonly y?: Partial<TensorSpec>
  } = {},
): ModelSpec {
  const quantization = { scales: [0.5], zeroPoints: [0] }
  return {
    tensors: [
      { name: 'x', type: 'int8', shape: [1, 4], quantization, ...changes.x },
      { name: 'c', type: 'int8', shape: [1, 4], quantization, data: [1, 2, 3, 4], ...changes.c },
      { name: 'y', type: 'int8', shape: [1, 4], quantization, ...changes.y },
    ],
    operators: [{ kind: 'ADD', version: 2, inputs: [0, 1], outputs: [2], options: { activation: 'NONE' } }],
    inputs: [0],
    outputs: [2],
  }
}
