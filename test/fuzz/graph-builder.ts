/** A .tflite model that grows operator by operator, and the values that further operators can be put on. */
import { elementCount } from '../../src/ir/tensor.js'
import type { OptionsByKind } from '../support/model-options.js'
import type { ModelSpec, OperatorSpec, QuantizationSpec, TensorSpec } from '../support/model-writer.js'
import type { Random } from '../support/random.js'
import { derivesFromInexact } from './exactness.js'

export type ValueType = 'int8' | 'float32'

/** A tensor that operators can read. */
export interface Value {
  readonly tensor: number
  readonly type: ValueType
  readonly shape: readonly number[]
  /** Scale and zero point of int8. */
  readonly scale: number
  readonly zeroPoint: number
  /** About the largest absolute value that a float32 takes. */
  readonly magnitude: number
  /** An int8 result of rounded floats: one step up or down is right as well, so that little may be computed from it. */
  readonly inexact: boolean
}

/** What a value is made of besides its place in the graph. */
export interface ValueDescription {
  readonly type: ValueType
  readonly shape: readonly number[]
  readonly scale?: number
  readonly zeroPoint?: number
  readonly magnitude?: number
}

/** An operator without its output. */
export interface NewOperator<Kind extends string> {
  readonly kind: Kind
  readonly version?: number
  readonly inputs: readonly number[]
  readonly options?: Kind extends keyof OptionsByKind ? OptionsByKind[Kind] : never
}

/** No tensor of a random graph has more elements. */
export const MAX_ELEMENTS = 2_000

/** Beyond this, chains of float32 operators would run into infinity. */
export const MAX_MAGNITUDE = 1e6

export class GraphBuilder {
  readonly tensors: TensorSpec[] = []
  readonly operators: OperatorSpec[] = []
  readonly inputs: number[] = []
  readonly values: Value[] = []
  readonly #used = new Set<number>()

  constructor(readonly random: Random) {}

  /** An input of the model. */
  input(description: ValueDescription): Value {
    const value = this.#value(description, 'input')
    this.inputs.push(value.tensor)
    this.values.push(value)
    return value
  }

  /** A constant that operators can read like any other value; it is not offered to further operators. */
  constantValue(description: ValueDescription, data: Int8Array | Float32Array): Value {
    return this.#value(description, 'constant', data)
  }

  /** A constant tensor beside the data: weights, biases, lists of numbers. Its index. */
  constant(tensor: TensorSpec): number {
    return this.tensors.push({ name: `constant${this.tensors.length}`, ...tensor }) - 1
  }

  /** Adds an operator with one output. */
  operator<Kind extends string>(operator: NewOperator<Kind>, output: ValueDescription): Value {
    const value = this.#value(output, operator.kind.toLowerCase())
    for (const index of operator.inputs) this.#used.add(index)
    this.operators.push({ ...operator, outputs: [value.tensor] } as OperatorSpec)
    const inexact = derivesFromInexact(this.tensors, this.operators, value.tensor)
    const known = { ...value, inexact: inexact && value.type === 'int8' }
    this.values.push(known)
    return known
  }

  /** One of the values that `fits`, recent and unused ones rather than others; undefined when there is none. */
  pick(fits: (value: Value) => boolean = () => true): Value | undefined {
    const { random } = this
    const fitting = this.values.filter((value) => !value.inexact && fits(value))
    const unused = fitting.filter(({ tensor }) => !this.#used.has(tensor))
    if (unused.length > 0 && random.chance(0.7)) return random.pick(unused)
    if (fitting.length > 0 && random.chance(0.5)) return fitting.at(-1)
    return fitting.length > 0 ? random.pick(fitting) : undefined
  }

  /** Values that no operator reads. */
  unused(): readonly Value[] {
    return this.values.filter(({ tensor }) => !this.#used.has(tensor))
  }

  finish(outputs: readonly number[]): ModelSpec {
    return { tensors: this.tensors, operators: this.operators, inputs: this.inputs, outputs }
  }

  #value(description: ValueDescription, name: string, data?: Int8Array | Float32Array): Value {
    const { type, shape, scale = 1, zeroPoint = 0, magnitude = 0 } = description
    const tensor = this.tensors.length
    const quantization: QuantizationSpec | undefined =
      type === 'int8' ? { scales: [scale], zeroPoints: [zeroPoint] } : undefined
    this.tensors.push({
      name: `${name}${tensor}`,
      type,
      shape,
      ...(quantization && { quantization }),
      ...(data && { data }),
    })
    return { tensor, type, shape, scale, zeroPoint, magnitude, inexact: false }
  }
}

/** Whether a tensor of this shape is small enough for a random graph. */
export function isSmall(shape: readonly number[]): boolean {
  return shape.every((extent) => extent >= 1) && elementCount(shape) <= MAX_ELEMENTS
}
