import { elementCount, InternalError, type Elements } from '../ir/index.js'
import type { Range } from './activation.js'
import { tableChannels } from './channel-flow.js'
import { arity, inputType, outputShape, present, sameType } from './constraints.js'
import type { DataFlow, Instance, KernelRequest, OperatorDefinition } from './definition.js'
import { elementUnits } from './units.js'

/** Values of int8. */
const VALUES = 256

/** The int8 values -128 .. 127, in the order of a table. */
export const INT8_VALUES = Int8Array.from({ length: VALUES }, (_, index) => index - 128)

/** The table of a function from int8 to integers, saturated to int8: entry v + 128 is the result of v. */
export function tabulate(result: (value: number) => number): Int8Array {
  return INT8_VALUES.map((value) => Math.max(-128, Math.min(127, result(value))))
}

/** The table's result for each element. */
export function applyTable(table: Int8Array, input: Int8Array): Int8Array {
  return input.map((value) => table[value + 128] ?? 0)
}

/** The range that a table limits values to, when that is all it does. */
export function clampOf(table: Int8Array): Range | undefined {
  const range = { min: table[0] ?? 0, max: table[VALUES - 1] ?? 0 }
  const clamps = INT8_VALUES.every((value) => table[value + 128] === Math.min(range.max, Math.max(range.min, value)))
  return clamps ? range : undefined
}

/** The kernel call that applies a table to `count` elements: a plain clamp where that does the same. */
export function lowerTable(table: Int8Array, count: number): KernelRequest {
  const range = clampOf(table)
  return range === undefined
    ? { family: 'lookup', type: 's8', fields: { table, count }, reads: [0] }
    : { family: 'clamp', type: 's8', fields: { clamp_min: range.min, clamp_max: range.max, count }, reads: [0] }
}

/** Data flow of operators of one input whose output elements each need one element of the same size. */
export const elementwiseFlow: DataFlow = {
  inputs: [{ kind: 'elementwise' }],
  inPlace: [0],
  lanewise: true,
  accumulates: false,
}

/** The instance with both tensors made 256 elements long. */
function overAllValues(instance: Instance): Instance {
  const shape = [VALUES]
  return {
    ...instance,
    inputs: [{ ...present(instance.inputs[0]), shape }],
    outputs: [{ ...present(instance.outputs[0]), shape }],
  }
}

/**
 * The table of an operator that computes each int8 output element from one int8 input element alone, found by
 * evaluating it on all values. Undefined for any other operator, and for those that only give another shape.
 */
export function lookupTable<Options>(
  definition: OperatorDefinition<Options>,
  instance: Instance<Options>,
): Int8Array | undefined {
  const { inputs, outputs } = instance
  if (definition.aliases === true || inputs.length !== 1 || outputs.length !== 1) return undefined
  if (inputs[0]?.type !== 'int8' || outputs[0]?.type !== 'int8') return undefined
  if (definition.dataFlow(instance).inputs[0]?.kind !== 'elementwise') return undefined
  const [table] = definition.evaluate(overAllValues(instance) as Instance<Options>, [INT8_VALUES.slice()])
  return table instanceof Int8Array ? table : undefined
}

/** Options of LOOKUP. */
export interface LookupOptions {
  /** 256 results; that of value v is entry v + 128. */
  readonly table: Int8Array
}

/** Name of the operator that stands for any function of one int8 value. Passes make it; no file has it. */
export const LOOKUP = 'LOOKUP'

/** Any function of one int8 value, as a table. */
export const lookup: OperatorDefinition<LookupOptions> = {
  kind: LOOKUP,
  maxVersion: 1,
  summary: 'Any function of one int8 value, fused from several operators; never in a file',
  // a custom operator of a file may happen to have this name: the rule below refuses it
  parse: () => ({ table: new Int8Array() }),
  constraints: [
    {
      code: 'UNSUPPORTED_OPERATOR',
      rule: 'Operators named LOOKUP are made by eonc alone',
      help: 'Replace this custom operator by supported ones, or compute this part in your own code.',
      prerequisite: true,
      holds: ({ options }) => options.table.length === VALUES,
    },
    arity(1),
    inputType(0, 'input', ['int8']),
    sameType,
    outputShape(({ inputs }) => present(inputs[0]).shape),
  ],
  units: elementUnits,
  dataFlow: () => elementwiseFlow,
  channels: ({ options, inputs }) => tableChannels(present(inputs[0]), () => options.table),
  evaluate: ({ options }, [input]) => [applyTable(options.table, int8Elements(input))],
  lower: ({ options, inputs }) => lowerTable(options.table, elementCount(present(inputs[0]).shape)),
}

/** Elements that a constraint has shown to be int8. */
export function int8Elements(elements: Elements | undefined): Int8Array {
  if (elements instanceof Int8Array) return elements
  throw new InternalError('elements of an int8 tensor are of another type')
}

/** Elements that a constraint has shown to be float32. */
export function float32Elements(elements: Elements | undefined): Float32Array {
  if (elements instanceof Float32Array) return elements
  throw new InternalError('elements of a float32 tensor are of another type')
}
