import { type OperatorFlow, writtenAfter } from './flow.js'

/** For each operator of a stage, those that run beside it as soon as they can. */
export type Siblings = readonly (readonly number[])[]

/** For each operator, those that read what it reads and make as many pieces. */
export function siblingsOf(flows: readonly OperatorFlow[]): Siblings {
  return flows.map(({ inputs, steps }, index) =>
    flows.flatMap((other, sibling) => {
      const shares = other.inputs.some(({ storage }) => inputs.some((input) => input.storage === storage))
      return sibling !== index && steps > 1 && other.steps === steps && shares ? [sibling] : []
    }),
  )
}

/** An input of an operator that another operator of the stage makes. */
interface Pulled {
  readonly producer: number
  /** One past the last byte that each step needs. */
  readonly to: Int32Array
}

/**
 * Whose step it is at each time, as positions in the stage: the last operator pulls what it needs, piece by piece; side
 * results follow.
 */
export function pullOrder(flows: readonly OperatorFlow[], siblings: Siblings): Int32Array {
  const producers = new Map(flows.map((flow, index) => [flow.output, index]))
  const pulled = flows.map(({ inputs }) =>
    inputs.flatMap(({ storage, to }): readonly Pulled[] => {
      const producer = producers.get(storage)
      return producer === undefined ? [] : [{ producer, to }]
    }),
  )
  const order = new Int32Array(flows.reduce((sum, { steps }) => sum + steps, 0))
  const done = new Int32Array(flows.length)
  let time = 0
  /** Whether a step of an operator has to wait for what another has yet to write. */
  const waits = ({ producer, to }: Pulled, step: number): boolean =>
    writtenAfter(flows[producer] as OperatorFlow, (done[producer] ?? 0) - 1) < (to[step] ?? 0)
  const run = (index: number): void => {
    const step = done[index] ?? 0
    order[time] = index
    time += 1
    done[index] = step + 1
    // each of these runs the others in turn, which then have nothing left to do
    for (const sibling of siblings[index] ?? []) {
      const isNext = done[sibling] === step && pulled[sibling]?.every((input) => !waits(input, step)) === true
      if (isNext) run(sibling)
    }
  }
  const pull = (index: number): void => {
    const step = done[index] ?? 0
    for (const input of pulled[index] ?? []) while (waits(input, step)) pull(input.producer)
    // what it pulled may have run it as a sibling
    if (done[index] === step) run(index)
  }
  for (let index = flows.length - 1; index >= 0; index -= 1) {
    while ((done[index] ?? 0) < (flows[index]?.steps ?? 0)) pull(index)
  }
  return order
}
