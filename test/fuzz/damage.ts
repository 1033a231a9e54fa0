/** Breaks one rule of a model on purpose. Where the oracle refuses the result, so must eonc. */
import type { ElementType } from '../../src/ir/tensor.js'
import type { ModelSpec, OperatorSpec, TensorSpec } from '../support/model-writer.js'
import type { Random } from '../support/random.js'

/** Gives a damaged model, or undefined where the damage cannot be done. */
type Damage = (random: Random, model: ModelSpec) => ModelSpec | undefined

function changeTensor(
  random: Random,
  model: ModelSpec,
  fits: (tensor: TensorSpec, index: number) => boolean,
  change: (tensor: TensorSpec) => TensorSpec,
): ModelSpec | undefined {
  const candidates = model.tensors.flatMap((tensor, index) => (fits(tensor, index) ? [index] : []))
  if (candidates.length === 0) return undefined
  const chosen = random.pick(candidates)
  return { ...model, tensors: model.tensors.map((tensor, index) => (index === chosen ? change(tensor) : tensor)) }
}

function changeOperator(
  random: Random,
  model: ModelSpec,
  fits: (operator: OperatorSpec) => boolean,
  change: (operator: OperatorSpec) => OperatorSpec,
): ModelSpec | undefined {
  const candidates = model.operators.filter(fits)
  if (candidates.length === 0) return undefined
  const chosen = random.pick(candidates)
  return { ...model, operators: model.operators.map((operator) => (operator === chosen ? change(operator) : operator)) }
}

const isConstant = ({ data }: TensorSpec): boolean => data !== undefined
const isComputed = (model: ModelSpec, index: number): boolean =>
  model.operators.some(({ outputs }) => outputs.includes(index))

/** Replaces an option of the operators that have it. */
function option(name: string, values: readonly unknown[]): Damage {
  return (random, model) =>
    changeOperator(
      random,
      model,
      ({ options }) => options !== undefined && name in options,
      (operator) => ({ ...operator, options: { ...operator.options, [name]: random.pick(values) } }) as OperatorSpec,
    )
}

/** Not for models that quantize floats: what the oracle makes of steps beyond 32 bits depends on its machine. */
function unlessQuantizing(damage: Damage): Damage {
  return (random, model) => {
    const quantizes = model.operators.some(
      ({ kind, inputs }) => kind === 'QUANTIZE' && model.tensors[inputs[0] ?? -1]?.type === 'float32',
    )
    return quantizes ? undefined : damage(random, model)
  }
}

/** Gives a quantized tensor another first scale. */
function scale(values: readonly number[]): Damage {
  return (random, model) =>
    changeTensor(
      random,
      model,
      ({ quantization }) => quantization?.scales !== undefined,
      (tensor) => ({
        ...tensor,
        quantization: {
          ...tensor.quantization,
          scales: [random.pick(values), ...(tensor.quantization?.scales ?? []).slice(1)],
        },
      }),
    )
}

function zeroPoint(values: readonly number[]): Damage {
  return (random, model) =>
    changeTensor(
      random,
      model,
      ({ quantization }) => quantization?.scales !== undefined,
      (tensor) => ({
        ...tensor,
        quantization: {
          ...tensor.quantization,
          zeroPoints: (tensor.quantization?.scales ?? []).map(() => random.pick(values)),
        },
      }),
    )
}

/** Gives a tensor another type; a constant gets noise of that type. */
function type(types: readonly ElementType[]): Damage {
  return (random, model) =>
    changeTensor(
      random,
      model,
      (tensor) => tensor.type === 'int8' || tensor.type === 'float32',
      (tensor) => {
        const to = random.pick(types)
        if (tensor.data === undefined) return { ...tensor, type: to }
        const count = tensor.shape.reduce((product, extent) => product * extent, 1)
        return { ...tensor, type: to, data: Array.from({ length: count }, () => random.below(100)) }
      },
    )
}

/** All weights of one operator in the other type: a hybrid model. */
const hybridWeights: Damage = (random, model) => {
  const weights = new Set(
    model.operators.flatMap(({ kind, inputs }) => (/CONV|CONNECTED/.test(String(kind)) ? [inputs[1]] : [])),
  )
  return changeTensor(
    random,
    model,
    (_, index) => weights.has(index),
    (tensor) => {
      const count = tensor.shape.reduce((product, extent) => product * extent, 1)
      const data = Array.from({ length: count }, () => random.below(100))
      const { quantization, ...rest } = tensor
      return tensor.type === 'int8'
        ? { ...rest, type: 'float32', data }
        : { ...rest, type: 'int8', data, quantization: quantization ?? { scales: [0.01] } }
    },
  )
}

const noQuantization: Damage = (random, model) =>
  changeTensor(
    random,
    model,
    ({ quantization }) => quantization !== undefined,
    ({ quantization: _, ...tensor }) => tensor,
  )

const otherShape: Damage = (random, model) =>
  changeTensor(
    random,
    model,
    ({ shape }, index) => shape.length > 0 && isComputed(model, index),
    (tensor) => {
      const dimension = random.below(tensor.shape.length)
      return { ...tensor, shape: tensor.shape.with(dimension, (tensor.shape[dimension] ?? 1) + 1) }
    },
  )

/** Weights, biases and lists that are fed at run time. */
const constantAsInput: Damage = (random, model) => {
  const read = new Set(model.operators.flatMap(({ inputs }) => inputs))
  const constants = model.tensors.flatMap((tensor, index) => (isConstant(tensor) && read.has(index) ? [index] : []))
  if (constants.length === 0) return undefined
  const chosen = random.pick(constants)
  const tensors = model.tensors.map((tensor, index) => {
    if (index !== chosen) return tensor
    const { data: _, ...rest } = tensor
    return rest
  })
  return { ...model, tensors, inputs: [...model.inputs, chosen] }
}

const listOfNumbers: Damage = (random, model) =>
  changeTensor(
    random,
    model,
    (tensor) => tensor.type === 'int32' && isConstant(tensor) && tensor.quantization === undefined,
    (tensor) => {
      const numbers = [...(tensor.data as readonly number[])]
      numbers[random.below(numbers.length)] = random.pick([-1, -7, 5, 9, 100])
      return { ...tensor, data: numbers }
    },
  )

const biasScale: Damage = (random, model) =>
  changeTensor(
    random,
    model,
    ({ type, quantization }) => type === 'int32' && quantization !== undefined,
    (tensor) => ({ ...tensor, quantization: { scales: (tensor.quantization?.scales ?? []).map((each) => each * 3) } }),
  )

const weightScales: Damage = (random, model) =>
  changeTensor(
    random,
    model,
    ({ quantization }) => (quantization?.scales?.length ?? 0) > 1,
    (tensor) => {
      const scales = tensor.quantization?.scales ?? []
      return random.chance(0.5)
        ? { ...tensor, quantization: { ...tensor.quantization, scales: scales.slice(1) } }
        : { ...tensor, quantization: { ...tensor.quantization, dimension: random.below(tensor.shape.length) } }
    },
  )

const missingInput: Damage = (random, model) =>
  changeOperator(
    random,
    model,
    ({ inputs }) => inputs.length >= 2,
    (operator) => ({ ...operator, inputs: operator.inputs.slice(0, -1) }),
  )

const otherOperator: Damage = (random, model) =>
  changeOperator(
    random,
    model,
    ({ inputs }) => inputs.length === 1,
    ({ inputs, outputs }) => ({
      kind: random.pick(['ABS', 'ELU', 'CUSTOM', 'TRANSPOSE']),
      inputs,
      outputs,
      customCode: 'Mystery',
    }),
  )

const DAMAGES: Readonly<Record<string, Damage>> = {
  'another zero point': zeroPoint([0, -128, 127, 3]),
  'a zero point out of range': zeroPoint([200, -129]),
  'a scale that does not fit': scale([0.013, 1 / 256, 2 ** -10]),
  'a tiny or huge scale': unlessQuantizing(scale([2 ** -26, 2 ** -40, 2 ** 20, 2 ** 60])),
  'a scale that is none': scale([0, -0.5, NaN, Infinity]),
  'no quantization': noQuantization,
  'another shape': otherShape,
  'another type': type(['int16', 'uint8', 'int32', 'int64', 'bool', 'float32', 'int8']),
  'hybrid weights': hybridWeights,
  'a constant as input': constantAsInput,
  'other numbers in a list': listOfNumbers,
  'another scale of the bias': biasScale,
  'other scales of weights': weightScales,
  'an input less': missingInput,
  'an unknown operator': otherOperator,
  'another activation': option('activation', ['TANH', 'SIGN_BIT', 'RELU']),
  'another axis': option('axis', [-6, -1, 4, 9]),
  'another stride': option('strideW', [0, -1]),
  'another dilation': option('dilationH', [0, -1]),
  'another depth multiplier': option('depthMultiplier', [0, 2, 5]),
  'another window': option('filterH', [0, 40]),
  'another beta': option('beta', [0, -1, 1e-6, 1e6]),
  'another alpha': unlessQuantizing(option('alpha', [-1e30, 1e30, NaN])),
}

/** A model with one thing broken, and what it is. */
export function damage(random: Random, model: ModelSpec): { readonly model: ModelSpec; readonly damage?: string } {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const [name, damaged] = random.pick(Object.entries(DAMAGES))
    const result = damaged(random, model)
    if (result !== undefined) return { model: result, damage: name }
  }
  return { model }
}
