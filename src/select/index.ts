import type { Graph, Operator } from '../ir/index.js'
import { INPUT, instanceOf, type KernelRequest, type OperatorSet } from '../ops/index.js'
import { armv6mAccumulators, armv6mKernels } from './armv6m.js'
import { armv6mColumnKernels } from './armv6m-columns.js'
import { type CmsisNnCore, cmsisNnKernel } from './cmsis-nn.js'
import { dspAccumulators, dspKernels } from './dsp.js'
import { dspColumnKernels } from './dsp-columns.js'
import { dspShapeKernels } from './dsp-shape.js'
import { dspWinogradKernels } from './dsp-winograd.js'
import type { AccumulatingKernel, FastKernel, Goal, KernelSet, TemplateArgument } from './kernel-set.js'
import { mveAccumulators, mveKernels } from './mve.js'
import { type CmsisNnSet, type OwnSet, PROGRAM_SETS, type ProgramSet, CMSIS_NN_SETS } from './kernel-set.js'
import { wasmAccumulators, wasmKernels, wasmPixels } from './wasm-simd128.js'
import { packedRequests, type Packing } from './packed.js'
import { segmentPixels, segmentRequest, type Segments } from './segments.js'

export { fractionBits, scalingName, SCALINGS } from './armv6m.js'
export { isPadded } from './cmsis-nn.js'
export { type WindowRuns, windowRuns } from './dsp.js'
export { winogradWords } from './dsp-winograd.js'
export { arrayField, numberField } from './fields.js'
export { CMSIS_NN_SETS, type Goal, GOALS, type KernelSet, PROGRAM_SETS, type ProgramSet } from './kernel-set.js'
export { scratchOf, type TemplateArgument } from './kernel-set.js'
export { columnBytes, depthwiseStrip, isDirect, type Strip, stripColumns, stripOf } from './mve.js'
export { CORRECTION, FIELD_GROUPS, fieldInputs, fieldOf, type PackedOutput, type Packing } from './packed.js'
export type { Segments } from './segments.js'
export { type WeightedChannels, weightedChannels } from './weighted.js'

/** Processors that kernels can be chosen for. `any` leaves the choice to the C++ preprocessor. */
export const CPUS = [
  'any',
  'host',
  'cortex-m0',
  'cortex-m0plus',
  'cortex-m3',
  'cortex-m4',
  'cortex-m4f',
  'cortex-m7',
  'cortex-m23',
  'cortex-m33',
  'cortex-m55',
  'cortex-m85',
  'wasm',
] as const
export type Cpu = (typeof CPUS)[number]

/** How weights lie in ROM: as kernels read them fastest, or packed where that saves more than it takes to decode. */
export const ROM_SIZES = ['normal', 'small'] as const
export type RomSize = (typeof ROM_SIZES)[number]

/** What kernels are chosen for. */
export interface KernelTarget {
  readonly set: ProgramSet
  readonly goal: Goal
  /** `normal` unless told. */
  readonly rom?: RomSize
}

/** One kernel call of an operator, with the kernel set that computes it. */
export interface KernelChoice {
  /** As the kernel set takes it. */
  readonly request: KernelRequest
  readonly set: KernelSet
  /** Arguments of the kernel's template, where it is one. */
  readonly template?: readonly TemplateArgument[]
  /** Bytes that the call needs beside its tensors. */
  readonly scratchBytes: number
  /** What it saves and costs that its weights are packed, if they are. */
  readonly packing?: Packing
  /** It may read and write in any order: while it runs, its output lies beside its inputs. */
  readonly unordered?: boolean
  /** Where there is a choice that a user has asked for: what computes it, or why it is not what was asked for. */
  readonly note?: string
}

/** An operator with the kernel calls that compute it; an operator that only gives another shape has none. */
export interface SelectedOperator {
  readonly operator: Operator
  /** What it asks of the kernels, as any of them takes it. */
  readonly requests: readonly KernelRequest[]
  readonly kernels: readonly KernelChoice[]
  /** How it makes some pixels of a sequence at a time; undefined where they are made one by one. */
  readonly segments?: Segments<KernelChoice>
}

/** Kernels by family, of which the first one that takes a request computes it. */
const FAST_KERNELS: Readonly<Record<OwnSet, readonly ReadonlyMap<string, FastKernel>[]>> = {
  portable: [],
  armv6m: [armv6mColumnKernels, armv6mKernels],
  dsp: [dspWinogradKernels, dspShapeKernels, dspColumnKernels, dspKernels],
  mve: [mveKernels],
  wasm_simd128: [wasmKernels],
}

const ACCUMULATORS: Readonly<Record<OwnSet, ReadonlyMap<string, AccumulatingKernel>>> = {
  portable: new Map(),
  armv6m: armv6mAccumulators,
  dsp: dspAccumulators,
  mve: mveAccumulators,
  wasm_simd128: wasmAccumulators,
}

const PIXELS: Partial<Record<ProgramSet, ReadonlyMap<string, FastKernel>>> = {
  wasm_simd128: wasmPixels,
}

const CORES: Readonly<Record<CmsisNnSet, CmsisNnCore>> = { cmsis_nn_mve: 'mve', cmsis_nn_dsp: 'dsp', cmsis_nn: 'plain' }

const SETS_OF_CPUS: Partial<Record<Cpu, readonly OwnSet[]>> = {
  // of microcontrollers: for WebAssembly there is a target of its own
  any: PROGRAM_SETS.filter((set) => set !== 'wasm_simd128'),
  'cortex-m0': ['armv6m'],
  'cortex-m0plus': ['armv6m'],
  'cortex-m23': ['armv6m'],
  'cortex-m4': ['dsp'],
  'cortex-m4f': ['dsp'],
  'cortex-m7': ['dsp'],
  'cortex-m33': ['dsp'],
  'cortex-m55': ['mve'],
  'cortex-m85': ['mve'],
  wasm: ['wasm_simd128', 'portable'],
}

const CMSIS_NN_SETS_OF_CPUS: Partial<Record<Cpu, readonly CmsisNnSet[]>> = {
  any: CMSIS_NN_SETS,
  wasm: [],
  'cortex-m4': ['cmsis_nn_dsp'],
  'cortex-m4f': ['cmsis_nn_dsp'],
  'cortex-m7': ['cmsis_nn_dsp'],
  'cortex-m33': ['cmsis_nn_dsp'],
  'cortex-m55': ['cmsis_nn_mve'],
  'cortex-m85': ['cmsis_nn_mve'],
}

/** The kernel sets that an output for a processor needs, the best one first. */
export function programSetsOf(cpu: Cpu): readonly ProgramSet[] {
  return SETS_OF_CPUS[cpu] ?? ['portable']
}

/** The sets of calls of CMSIS-NN that it needs besides, for firmwares that turn them on; the most special one first. */
export function cmsisNnSetsOf(cpu: Cpu): readonly ProgramSet[] {
  return CMSIS_NN_SETS_OF_CPUS[cpu] ?? ['cmsis_nn']
}

/** Whether a set is one of calls of CMSIS-NN. They work on whole tensors, so that there are no cascades. */
export function isCmsisNn(set: ProgramSet): set is CmsisNnSet {
  return set in CORES
}

/** The kernel that any processor runs. */
export function portableKernel(request: KernelRequest): KernelChoice {
  return { request, set: request.type.includes('f32') ? 'float32' : 'portable', scratchBytes: 0 }
}

/** The best kernel for a request. For least RAM it needs no scratch. */
export function chooseKernel(request: KernelRequest, { set, goal }: KernelTarget): KernelChoice {
  if (isCmsisNn(set)) return chooseCmsisNn(request, CORES[set])
  if (request.type !== 's8') return portableKernel(request)
  for (const kernels of FAST_KERNELS[set]) {
    const fitted = kernels.get(request.family)?.(request, goal)
    if (fitted !== undefined && (goal !== 'ram' || fitted.scratchBytes === 0)) return { set, ...fitted }
  }
  return portableKernel(request)
}

/** The best kernel that makes a request's output pixel by pixel. It needs no scratch. */
export function choosePixelKernel(request: KernelRequest, { set, goal }: KernelTarget): KernelChoice {
  if (isCmsisNn(set)) return portableKernel(request)
  const fitted = request.type === 's8' ? PIXELS[set]?.get(request.family)?.(request, goal) : undefined
  return fitted === undefined ? portableKernel(request) : { set, ...fitted }
}

/**
 * How requests are made in segments; undefined where making pixels one by one is as good. Segments need scratch, and rings
 * that hold more: for least RAM there are none.
 */
function chooseSegments(
  requests: readonly KernelRequest[],
  { set, goal }: KernelTarget,
): Segments<KernelChoice> | undefined {
  const [request] = requests
  if (isCmsisNn(set) || goal === 'ram' || PIXELS[set] !== undefined) return undefined
  if (requests.length !== 1 || request?.type !== 's8') return undefined
  const pixels = segmentPixels(set)
  const segment = segmentRequest(request, pixels)
  // the last ones take rows of any length
  const fitted = segment && FAST_KERNELS[set].at(-1)?.get(segment.family)?.(segment, goal)
  return fitted && { pixels, kernel: { set, ...fitted } }
}

function chooseCmsisNn(request: KernelRequest, core: CmsisNnCore): KernelChoice {
  const found = cmsisNnKernel(request, core)
  if (typeof found === 'string') return { ...portableKernel(request), note: found }
  const { call, ...fitted } = found
  return { ...fitted, set: 'cmsis_nn', unordered: true, note: call }
}

/** The best kernel for a request whose input comes in pieces of `count` elements. */
export function chooseAccumulator(request: KernelRequest, count: number, { set, goal }: KernelTarget): KernelChoice {
  if (isCmsisNn(set)) return portableKernel(request)
  const fitted = request.type === 's8' ? ACCUMULATORS[set].get(request.family)?.(request, count, goal) : undefined
  return fitted === undefined ? portableKernel(request) : { set, ...fitted }
}

/** The kernel set that reads packed weights for a program's. */
const packedSet = (set: ProgramSet): KernelSet => (set === 'dsp' ? set : 'portable')

/** Chooses the kernels of each operator of a graph. */
export function selectKernels(graph: Graph, operators: OperatorSet, target: KernelTarget): readonly SelectedOperator[] {
  const { set, rom = 'normal' } = target
  const asked = graph.operators.map((operator) => ({ operator, requests: requestsOf(graph, operator, operators) }))
  const packed =
    rom === 'small' && !isCmsisNn(set)
      ? packedRequests(
          asked.flatMap(({ requests }) => requests),
          set,
        )
      : undefined
  const choose = (request: KernelRequest): KernelChoice => {
    const fitted = packed?.get(request)
    return fitted ? { ...fitted, set: packedSet(set) } : chooseKernel(request, target)
  }
  return asked.map(({ operator, requests }) => {
    const segments = chooseSegments(requests, target)
    return { operator, requests, kernels: requests.map(choose), ...(segments && { segments }) }
  })
}

/** What computes an operator; nothing where it only gives another shape, or the application gives the tensor. */
function requestsOf(graph: Graph, operator: Operator, operators: OperatorSet): readonly KernelRequest[] {
  const definition = operators.get(operator.kind)
  const hasCode = definition !== undefined && definition.aliases !== true && operator.kind !== INPUT
  return hasCode ? [definition.lower(instanceOf(graph, operator))].flat() : []
}
