import { elementCount, type Elements, InternalError, newElements } from '../ir/index.js'
import { present } from './constraints.js'
import type { OperatorDefinition } from './definition.js'

/** Options of INPUT. */
export interface InputOptions {
  /** Rows of the data, and pixels where those are more: what goes into memory at a time. 1 where it cannot be cut. */
  readonly rows: number
  readonly pixels: number
}

/** Name of the operator that stands for data which an application gives piece by piece. A pass makes it; no file has it. */
export const INPUT = 'INPUT'

/** An input of the model that does not lie in memory whole when an inference begins. */
export const input: OperatorDefinition<InputOptions> = {
  kind: INPUT,
  maxVersion: 1,
  summary: 'An input that comes piece by piece; never in a file',
  // a custom operator of a file may happen to have this name: the rule below refuses it
  parse: () => ({ rows: 0, pixels: 0 }),
  constraints: [
    {
      code: 'UNSUPPORTED_OPERATOR',
      rule: 'Operators named INPUT are made by eonc alone',
      help: 'Replace this custom operator by supported ones, or compute this part in your own code.',
      prerequisite: true,
      holds: ({ options }) => options.rows > 0,
    },
  ],
  units: ({ options: { rows, pixels } }, granularity) => {
    const count = granularity === 'row' ? rows : pixels
    return count > 1 ? { form: 'elements', dimensions: count > rows ? 2 : 1, count } : undefined
  },
  dataFlow: () => ({ inputs: [], inPlace: [], lanewise: false, accumulates: false }),
  evaluate: ({ outputs }) => {
    const { type, shape } = present(outputs[0])
    return [newElements(type, elementCount(shape)) as Elements]
  },
  lower: () => {
    throw new InternalError('an input has no kernel')
  },
}
