/** What targets and users are told of a compiled model. */
import { constantBytes, contextBytes, kernelFunction, needsMath } from './codegen/index.js'
import { type Diagnostic, DiagnosticsError, elementBytes, elementCount } from './ir/index.js'
import { callsOf, isCmsisNn, type Program, type ProgramTensor } from './lower/index.js'
import type { KernelSetFacts, ModelFacts, TensorFacts } from './plugin.js'

/** The labels that were given, which have to fit the output; else those of the file, if they do. Throws a DiagnosticsError. */
export function labelsOf(
  output: ProgramTensor | undefined,
  given: readonly string[] | undefined,
  inFile: () => readonly string[],
): readonly string[] {
  const count = output?.shape.at(-1) ?? 1
  if (given === undefined) {
    const found = inFile()
    return found.length === count ? found : []
  }
  if (given.length !== count) throw new DiagnosticsError([wrongLabels(count, given.length)])
  return given
}

const wrongLabels = (needed: number, found: number): Diagnostic => ({
  severity: 'error',
  code: 'BAD_OPTION',
  rule: 'There is a label for each element along the last axis of the first output',
  found: `${found} labels for ${needed} elements`,
  help: 'Give one label a line, in the order of the elements, and no line more.',
})

function tensorFacts({ name, type, shape, quantization }: ProgramTensor): TensorFacts {
  const elements = elementCount(shape)
  const facts = { name, type, shape, elements, bytes: elements * (elementBytes(type) ?? 1) }
  return quantization === undefined ? facts : { ...facts, quantization }
}

function kernelSetFacts(program: Program): KernelSetFacts {
  return {
    name: program.set,
    contextBytes: contextBytes(program),
    constantBytes: constantBytes(program),
    operators: callsOf(program).map((call) => {
      const { index, kind } = call.operator
      const facts = { name: call.name, index, kind, kernel: kernelFunction(call) }
      return call.note === undefined ? facts : { ...facts, note: call.note }
    }),
  }
}

/** The facts of a model that has a program for each kernel set. */
export function modelFacts(
  variants: readonly Program[],
  origin: Pick<ModelFacts, 'compiler' | 'modelHash' | 'description' | 'inputMode' | 'labels' | 'macs' | 'removed'>,
): ModelFacts {
  const program = variants.at(-1) as Program
  const cmsisNn = variants.filter(({ set }) => isCmsisNn(set)).map(kernelSetFacts)
  const kernelSets = variants.filter(({ set }) => !isCmsisNn(set)).map(kernelSetFacts)
  return {
    ...origin,
    name: program.name,
    inputs: program.inputs.map(tensorFacts),
    outputs: program.outputs.map(tensorFacts),
    contextBytes: Math.max(...kernelSets.map((set) => set.contextBytes)),
    constantBytes: Math.max(...kernelSets.map((set) => set.constantBytes)),
    kernelSets,
    ...(cmsisNn.length > 0 && { cmsisNn }),
    needsMath: variants.some(needsMath),
    ...(program.feed && {
      units: { input: program.feed.input, count: program.feed.units, elements: program.feed.unitElements },
    }),
    operators: kernelSets.at(-1)?.operators ?? [],
  }
}
