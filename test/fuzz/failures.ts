/** Saves models that fail, for a person to look at. */
import { join } from 'node:path'
import { check } from '../../src/index.js'
import type { ElementType } from '../../src/ir/tensor.js'
import { type ModelSpec, type TensorSpec, writeModel } from '../support/model-writer.js'
import { runOracle } from '../support/oracle.js'
import { type RecordedVectors, toNumbers, writeCase } from '../support/recorded-case.js'
import { outputTolerances } from './exactness.js'
import { inputVectors } from './input-vectors.js'

function describeTensor(tensor: TensorSpec | undefined): string {
  if (tensor === undefined) return 'nothing'
  const { type, shape, quantization, data } = tensor
  const scales = quantization?.scales ?? []
  const zeroPoints = quantization?.zeroPoints ?? [0]
  const quantized = scales.length > 0 ? ` ${scales.slice(0, 3).join(' ')} / ${zeroPoints.slice(0, 3).join(' ')}` : ''
  return `${data === undefined ? '' : 'constant '}${type}[${shape.join('x')}]${quantized}`
}

/** A model as a few lines: each operator with its options and tensors. */
export function describeModel({ tensors, operators, inputs, outputs }: ModelSpec): string {
  const describe = (index: number): string => (index < 0 ? 'nothing' : `#${index} ${describeTensor(tensors[index])}`)
  const lines = operators.map(({ kind, options, inputs, outputs }) => {
    const text = options === undefined ? '' : ` ${JSON.stringify(options)}`
    return `${kind}${text}: ${inputs.map(describe).join(', ')} -> ${outputs.map(describe).join(', ')}`
  })
  return [`inputs ${inputs.join(', ')}; outputs ${outputs.join(', ')}`, ...lines].join('\n')
}

/** What the oracle makes of a model on the vectors of a seed, for `vectors.json`. */
export async function record(
  model: ModelSpec,
  seed: number,
  description: string,
  workFolder: string,
): Promise<RecordedVectors> {
  const file = writeModel(model)
  const inputs = inputVectors(model, seed)
  const [result] = await runOracle([{ model: file, vectors: inputs }], workFolder)
  if (result?.status !== 'ok') return { description, refused: [...new Set(check(file).map(({ code }) => code))] }
  const types = (indices: readonly number[]): readonly ElementType[] =>
    indices.map((index) => model.tensors[index]?.type ?? 'int8')
  const [inputTypes, outputTypes] = [types(model.inputs), types(model.outputs)]
  return {
    description,
    inputTypes,
    outputTypes,
    tolerances: outputTolerances(model),
    inputs: toNumbers(inputs, inputTypes),
    outputs: toNumbers(result.vectors, outputTypes),
  }
}

/** Saves a model that fails, with vectors and what the oracle computes, to `folder`. */
export async function saveFailure(folder: string, model: ModelSpec, seed: number, reason: string): Promise<void> {
  const vectors = await record(model, seed, `${reason}\n${describeModel(model)}`, join(folder, 'oracle'))
  await writeCase(folder, writeModel(model), vectors)
}
