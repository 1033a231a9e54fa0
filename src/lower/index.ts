import {
  elementBytes,
  type Graph,
  InternalError,
  NO_TENSOR,
  type Operator,
  outputTensors,
  type Tensor,
  tensorAt,
  type TensorIndex,
} from '../ir/index.js'
import type { MemoryPlan } from '../memory/index.js'
import { instanceOf, isSliced, type OperatorSet, pieceInstance } from '../ops/index.js'
import { ConstantPool, layOut, packFields } from '../packing/index.js'
import { countedPieces, type Lanes, type OperatorFlow, type Schedule, type Stage } from '../schedule/index.js'
import {
  chooseAccumulator,
  chooseKernel,
  choosePixelKernel,
  type KernelChoice,
  type KernelTarget,
  portableKernel,
  scratchOf,
  type Segments,
} from '../select/index.js'
import type {
  Argument,
  CallForm,
  CascadeStage,
  KernelCall,
  LayerStage,
  Placement,
  Program,
  ProgramTensor,
  Segment,
  FeedMode,
  ProgramFeed,
} from './program.js'
import { encodeTurns } from './turns.js'

export { type Argument, callsOf, type KernelCall, type Placement, type Program, type ProgramTensor } from './program.js'
export { isCmsisNn, type ProgramSet } from '../select/index.js'
export type { CascadeStage, FeedMode, LayerStage, ProgramFeed, Segment } from './program.js'

const describe = ({ type, shape }: Tensor): string => `${type} ${shape.length === 0 ? 'scalar' : shape.join('x')}`

/** Two lines on an operator: what it is called, and what goes in and comes out. */
function comment(graph: Graph, { index, kind, inputs, outputs }: Operator): readonly string[] {
  const [output] = outputs.map((tensor) => tensorAt(graph, tensor))
  const data = inputs.flatMap((tensor) => graph.tensors[tensor] ?? [])
  return [
    `${index} ${kind} "${output?.name ?? ''}"`,
    `${data.map(describe).join(', ')} -> ${output ? describe(output) : ''}`,
  ]
}

/** Turns the stages of a schedule into calls. One object holds what all calls share. */
class Lowering {
  readonly pool = new ConstantPool()

  constructor(
    private readonly graph: Graph,
    private readonly plan: MemoryPlan,
    private readonly operators: OperatorSet,
    private readonly target: KernelTarget,
  ) {}

  placement(index: TensorIndex): Placement {
    const offset = this.plan.offsets.get(index)
    if (offset !== undefined) return { kind: 'arena', offset }
    return { kind: 'constant', name: this.pool.addTensor(`tensor${index}`, tensorAt(this.graph, index)) }
  }

  ioTensor(index: TensorIndex): ProgramTensor {
    const tensor = tensorAt(this.graph, index)
    const { name, type, shape, quantization } = tensor
    const offset = this.plan.offsets.get(index)
    const placement: Placement =
      offset === undefined
        ? { kind: 'constant', name: this.pool.addOutput(`output${index}`, tensor) }
        : { kind: 'arena', offset }
    return { name, type, shape, ...(quantization ? { quantization } : {}), placement }
  }

  layer({ flows }: Stage): LayerStage {
    const calls = flows.flatMap((flow) => {
      const { operator, kernels } = flow.selected
      return flow.lanes === undefined
        ? this.calls(operator, 'whole', kernels, (index) => this.argument(index))
        : this.inLanes(flow, flow.lanes)
    })
    return { kind: 'layer', calls }
  }

  /** The call of an operator that writes its output over its input, whose queue of results is its scratch. */
  private inLanes({ selected, scratchBytes }: OperatorFlow, { delay }: Lanes): readonly KernelCall[] {
    const { operator, requests } = selected
    const kernels = requests.map((request) => ({ ...portableKernel(request), scratchBytes }))
    return this.calls(operator, 'lanes', kernels, (index) => this.argument(index)).map((call) => ({
      ...call,
      comment: [...call.comment, `(in place, channel by channel, ${delay} behind)`],
      delay,
    }))
  }

  cascade({ flows, simulation }: Stage, name: string): CascadeStage {
    const rings = simulation.traces.flatMap(({ storage, ring }) => {
      const producer = flows.find(({ output }) => output === storage)
      if (ring === undefined || producer === undefined) return []
      const { unit, bytes, count } = countedPieces(producer)
      return [`${ring / bytes} of ${count} ${unit}s of "${tensorAt(this.graph, storage.root).name}"`]
    })
    const units = flows.map((flow) => this.unit(flow))
    return {
      kind: 'cascade',
      name,
      comment: rings,
      units,
      pieces: flows.map(({ steps }) => steps),
      pixels: flows.some(({ units: cut }) => cut?.dimensions === 2),
      turns: encodeTurns(simulation.steps.map(({ flow }) => flow)),
    }
  }

  /** The calls that make the next piece of an operator. */
  private unit(flow: OperatorFlow): readonly KernelCall[] {
    const { operator, requests, kernels } = flow.selected
    const definition = this.operators.get(operator.kind)
    // what the application does is no call
    if (kernels.length === 0 || definition === undefined) return []
    if (flow.accumulatorBytes > 0) {
      const [input] = flow.inputs
      const pieces = input === undefined ? 1 : flow.steps
      const piece = (index: TensorIndex): Argument => this.pieceArgument(index, pieces)
      const elements = piece(operator.inputs[0] ?? -1).piece?.elements ?? 1
      const accumulators = requests.map((request) => chooseAccumulator(request, elements, this.target))
      return this.calls(operator, 'accumulate', accumulators, piece, (index) => this.argument(index))
    }
    const { units } = flow
    if (units === undefined) return this.calls(operator, 'whole', kernels, (index) => this.argument(index))
    const output = (index: TensorIndex): Argument => this.pieceArgument(index, flow.steps)
    if (units.form === 'window') {
      const { segments } = flow.selected
      const extents = (index: TensorIndex): readonly number[] =>
        tensorAt(this.graph, index).shape.slice(1, 1 + units.dimensions)
      const pieces = (index: TensorIndex): Argument =>
        this.pieceArgument(
          index,
          extents(index).reduce((a, b) => a * b, 1),
        )
      if (units.segment !== undefined && segments !== undefined) {
        const pixels = countedPieces(flow).count
        const segment = (index: TensorIndex): Argument => this.pieceArgument(index, pixels)
        const calls = this.calls(operator, 'segment', [segments.kernel], pieces, segment)
        return calls.map((call) => ({ ...call, segment: this.segment(flow, segments) }))
      }
      return units.dimensions === 1
        ? this.calls(operator, 'row', kernels, pieces, output)
        : this.calls(
            operator,
            'pixel',
            requests.map((request) => choosePixelKernel(request, this.target)),
            pieces,
            output,
          )
    }
    const sliced = (index: TensorIndex): Argument =>
      isSliced(tensorAt(this.graph, index), tensorAt(this.graph, operator.outputs[0] ?? -1), units)
        ? this.pieceArgument(index, flow.steps)
        : this.argument(index)
    const kernelsOfPiece = [definition.lower(pieceInstance(instanceOf(this.graph, operator), units))]
      .flat()
      .map((request) => chooseKernel(request, this.target))
    return this.calls(operator, 'elements', kernelsOfPiece, sliced, output)
  }

  /** What the call of a segment needs to know of the sequences, and where it may put pixels together. */
  private segment({ selected, linesBytes }: OperatorFlow, { pixels, kernel }: Segments<KernelChoice>): Segment {
    const { index, inputs, outputs } = selected.operator
    const width = (tensor = NO_TENSOR): number => tensorAt(this.graph, tensor).shape[2] ?? 1
    const lines = (this.plan.scratch.get(index) ?? 0) + scratchOf([kernel])
    return { pixels, inputWidth: width(inputs[0]), outputWidth: width(outputs[0]), ...(linesBytes > 0 && { lines }) }
  }

  private calls(
    operator: Operator,
    form: CallForm,
    kernels: readonly KernelChoice[],
    input: (index: TensorIndex) => Argument,
    output: (index: TensorIndex) => Argument = input,
  ): readonly KernelCall[] {
    const accumulators = this.plan.accumulators.get(operator.index)
    const scratch = this.plan.scratch.get(operator.index)
    const outputName = outputTensors(this.graph, operator)[0]?.name ?? ''
    return kernels.map((kernel, part) => {
      const { request, set, template, scratchBytes, packing, note } = kernel
      if (scratchBytes > 0 && scratch === undefined) throw new InternalError(`${request.family} has no scratch planned`)
      const name = `op${operator.index}${kernels.length > 1 ? `_${part}` : ''}`
      return {
        operator: { index: operator.index, kind: operator.kind, name: outputName },
        comment: part === 0 ? comment(this.graph, operator) : [],
        name,
        form,
        family: request.family,
        type: request.type,
        set,
        ...(template !== undefined && { template }),
        fields: packFields(layOut(kernel), name, this.pool),
        inputs: request.reads.map((read) => input(operator.inputs[read] ?? -1)),
        output: output(operator.outputs[0] ?? -1),
        ...(form === 'accumulate' && accumulators !== undefined ? { accumulators } : {}),
        ...(scratchBytes > 0 && scratch !== undefined ? { scratch } : {}),
        ...(packing && { packing }),
        ...(note !== undefined && { note }),
      }
    })
  }

  /** An input that comes piece by piece, into the `first` stage where that is a cascade. */
  feed(
    { mode, tensor, units, unitElements }: FeedRequest,
    inputs: readonly TensorIndex[],
    first: Stage | undefined,
  ): ProgramFeed {
    const cascaded = first !== undefined && first.flows.length > 1
    const pieces = cascaded ? (first.flows[0]?.steps ?? units) : units
    const target = this.pieceArgument(tensor, pieces)
    const piecesOfUnit = pieces / units
    const input = inputs.indexOf(tensor)
    // an application pushes rows, and is asked for just the piece that is next
    return mode === 'stream'
      ? { mode, input, units, unitElements, piecesOfUnit, target, cascaded }
      : { mode, input, units: pieces, unitElements: unitElements / piecesOfUnit, piecesOfUnit: 1, target, cascaded }
  }

  private argument(index: TensorIndex): Argument {
    return { type: tensorAt(this.graph, index).type, placement: this.placement(index) }
  }

  /** One of `pieces` equal pieces of a tensor. */
  pieceArgument(index: TensorIndex, pieces: number): Argument {
    const tensor = tensorAt(this.graph, index)
    const elements = tensor.shape.reduce((a, b) => a * b, 1) / pieces
    const ringBytes = this.plan.rings.get(index) ?? 0
    return {
      ...this.argument(index),
      piece: { elements, ring: ringBytes / (elements * (elementBytes(tensor.type) ?? 1)) },
    }
  }
}

/** An input that comes piece by piece: which, and how. */
export interface FeedRequest {
  readonly mode: FeedMode
  readonly tensor: TensorIndex
  readonly units: number
  readonly unitElements: number
}

/** What a program is called, and how its inputs come. */
export interface ProgramOptions {
  readonly name: string
  /** What its kernels are chosen for. */
  readonly target: KernelTarget
  /** The model's inputs in their order, one that is fed included. */
  readonly inputs: readonly TensorIndex[]
  /** The schedule keeps the inputs to the end. */
  readonly preserving?: boolean
  readonly feed?: FeedRequest
}

/** The kernel calls of a schedule with their buffers and constants, as data. */
export function lowerProgram(
  graph: Graph,
  { stages }: Schedule,
  plan: MemoryPlan,
  operators: OperatorSet,
  { name, target, inputs, preserving = false, feed }: ProgramOptions,
): Program {
  const lowering = new Lowering(graph, plan, operators, target)
  const lowered = stages.map((stage, i) =>
    stage.flows.length === 1 ? lowering.layer(stage) : lowering.cascade(stage, `cascade_${i}`),
  )
  const inputTensors = inputs.map((index) => {
    const tensor = lowering.ioTensor(index)
    return index === feed?.tensor ? { ...tensor, placement: { kind: 'fed' } as const } : tensor
  })
  const outputs = graph.outputs.map((index) => lowering.ioTensor(index))
  return {
    name,
    set: target.set,
    inputs: inputTensors,
    outputs,
    arenaBytes: Math.ceil(Math.max(1, plan.bytes) / plan.alignment) * plan.alignment,
    arenaAlignment: plan.alignment,
    stages: lowered,
    ...(preserving && { preserving }),
    ...(feed && { feed: lowering.feed(feed, inputs, stages[0]) }),
    // after all that add to it
    constants: lowering.pool.list(),
  }
}
