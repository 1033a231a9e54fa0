import { elementBytes, elementCount, InternalError } from '../ir/index.js'
import { callsOf, type CascadeStage, type KernelCall, type Program, type ProgramTensor } from '../lower/index.js'
import { arenaBytes, contextBytes, feedFacts } from './feed.js'
import { callLines, kernelFunction, kernelPaths } from './calls.js'
import { commentText, cType, cTypeOf, declaration, fill, floatLiteral, integerLiteral } from './cpp.js'
import { LIST_COLUMNS, literals, macroCase, wrap } from './cpp.js'
import { bundleKernels, structMembers, type KernelBundle, type StructMember } from './kernel-library.js'
import { renderTemplate } from './render.js'

export { kernelFunction } from './calls.js'
export { contextBytes } from './feed.js'

/** A generated file; what it is to a build is the caller's to say. */
export interface GeneratedFiles {
  readonly header: string
  readonly source: string
  readonly kernels: string
  readonly weights: string
  /** True when kernels use the math library. */
  readonly needsMath: boolean
}

/** What the generated comments say about where the code comes from. */
export interface Origin {
  /** Version of eonc. */
  readonly compiler: string
  /** SHA-256 of the model file, in hexadecimal. */
  readonly modelHash: string
  /** What is left out of the model as it does nothing: so many of all its weights and multiply-accumulates are left. */
  readonly removed?: { readonly weights: Left; readonly macs: Left }
}

interface Left {
  readonly before: number
  readonly after: number
}

/** How much is gone, in percent. */
const share = ({ before, after }: Left): number => Math.round((100 * (before - after)) / Math.max(1, before))

function fieldText(call: KernelCall, member: StructMember): string {
  const value = call.fields[member.name]
  if (value === undefined) throw new InternalError(`${kernelFunction(call)} needs ${member.name}`)
  if (typeof value !== 'number') return value.constant
  return member.type === 'float' ? floatLiteral(value) : integerLiteral(value)
}

/** The members of a struct as an initializer, each with its name; one that is a struct leaves a column for its brace. */
function initializer(
  call: KernelCall,
  members: readonly StructMember[],
  indent: string,
  columns = LIST_COLUMNS,
): string {
  const items = members.map((member) =>
    member.members === undefined
      ? `/* ${member.name} */ ${fieldText(call, member)}`
      : `/* ${member.name} */ {\n${initializer(call, member.members, `${indent}  `, columns - 1)}}`,
  )
  return wrap(items, indent, columns)
}

function memberNames(members: readonly StructMember[]): readonly string[] {
  return members.flatMap((member) => (member.members ? memberNames(member.members) : [member.name]))
}

function parameters(
  call: KernelCall,
  bundle: KernelBundle,
): { readonly type: string; readonly name: string; readonly text: string } {
  const type = `${kernelFunction(call)}_params`
  const members = structMembers(bundle, type)
  const unknown = Object.keys(call.fields).filter((field) => !memberNames(members).includes(field))
  if (unknown.length > 0) throw new InternalError(`${type} has no ${unknown.join(', ')}`)
  return { type, name: call.name, text: initializer(call, members, '    ') }
}

/** The lines of the comment on a call: what the operator is called, then what goes in and comes out. */
function commentLines([title, ...details]: readonly string[], indent: string): readonly string[] {
  // only the first call of an operator has one
  if (title === undefined) return []
  const types = `${commentText(details.join(' '), Infinity)} */`
  return [
    `${indent}/* ${commentText(title)}`,
    // lines end behind a type and its shape
    fill(types.split(/(?<=,) | (?=->)/), `${indent} *   `, { first: `${indent} * ` }),
  ]
}

const template = (name: string): URL => new URL(`templates/${name}.ejs`, import.meta.url)

/** A cascade as C++. The first one takes an input as it comes, if there is one that does. */
function cascade({ name, comment, pixels, turns, units }: CascadeStage, program: Program, first: boolean): string {
  const { feed } = program
  const fed = first && feed?.cascaded === true ? feed.mode : 'whole'
  return renderTemplate(template('cascade'), {
    name: program.name,
    cascade: name,
    fed,
    feed: feed === undefined ? undefined : feedFacts(program, feed),
    comment: comment.map((line) => commentText(line)),
    pixels,
    turns: wrap(turns.list.map(String), '    '),
    turnCount: turns.list.length,
    runs: turns.runs && wrap(turns.runs.map(String), '    '),
    units: units.map((calls, unit) => ({
      unit,
      lines: calls.flatMap((call) => [
        ...commentLines(call.comment, '      '),
        callLines(call, '      ', `done[${unit}]`),
      ]),
    })),
  })
}

/** The expression that an accessor returns; null for an input that never lies in the context whole. */
function accessor({ type, placement }: ProgramTensor): string {
  if (placement.kind === 'fed') return 'nullptr'
  return placement.kind === 'arena' ? `at<${cType(type)}>(context->arena.bytes, ${placement.offset})` : placement.name
}

function ioFacts(tensor: ProgramTensor, what: 'Input' | 'Output', index: number, upper: string): object {
  const elements = elementCount(tensor.shape)
  const quantization = tensor.type === 'float32' ? undefined : tensor.quantization
  const scale = quantization?.scales.length === 1 ? floatLiteral(quantization.scales[0] ?? 1) : ''
  const name = commentText(tensor.name)
  const type = `${tensor.type} ${tensor.shape.length === 0 ? 'scalar' : tensor.shape.join('x')}`
  const words = scale === '' ? [`${type} */`] : [`${type};`, 'real value = scale * (element - zero point) */']
  return {
    macro: `${upper}_${macroCase(what)}_${index}`,
    name,
    comment: fill([`"${name}":`, ...words], ' * ', { first: `/* ${what} ${index}, ` }),
    shapeList: tensor.shape.length === 0 ? '1' : tensor.shape.join(', '),
    rank: tensor.shape.length,
    elements,
    bytes: elements * (elementBytes(tensor.type) ?? 1),
    scale,
    zeroPoint: quantization?.zeroPoints[0] ?? 0,
    pointer: accessor(tensor),
  }
}

/** `int8_t` where all tensors have that type, `void` where they differ. */
function commonType(tensors: readonly ProgramTensor[]): string {
  const types = new Set(tensors.map(({ type }) => cType(type)))
  return types.size === 1 ? ([...types][0] ?? 'void') : 'void'
}

/** The public functions. */
function declarations({ name, inputs, outputs, feed }: Program): Readonly<Record<string, string>> {
  const context = `${name}_context *context`
  return {
    reset: declaration(`void ${name}_reset`, context),
    input: declaration(`${commonType(inputs)} *${name}_input`, `${context}, int index`),
    output: declaration(`const ${commonType(outputs)} *${name}_output`, `const ${context}, int index`),
    invoke: declaration(`${name}_status ${name}_invoke`, context),
    push: declaration(
      `${name}_status ${name}_push`,
      `${context}, const ${feed ? cType(feed.target.type) : 'void'} *data, int units`,
    ),
  }
}

/** Stages that are called one by one: not the input's own, nor the cascade that takes the input as it comes. */
const stagesAfterFeed = ({ feed, stages }: Program): Program['stages'] => stages.slice(feed === undefined ? 0 : 1)

/** Whether what runs an inference needs the arena, beside handing its context to the cascade that takes an input. */
function usesArena(program: Program): boolean {
  if (program.feed?.cascaded === false) return true
  return stagesAfterFeed(program).some(
    (stage) =>
      stage.kind === 'cascade' ||
      stage.calls.some(({ inputs, output }) => [...inputs, output].some(({ placement }) => placement.kind === 'arena')),
  )
}

/** Bytes of all constant arrays of a program. */
export function constantBytes(program: Program): number {
  return program.constants.reduce((sum, { values }) => sum + values.byteLength, 0)
}

/** The C++ source of a program: a public header, a source file and two private headers. */
export function generateCode(program: Program, origin: Origin): GeneratedFiles {
  const calls = callsOf(program)
  const bundle = bundleKernels([
    ...new Set([
      ...calls.flatMap(kernelPaths),
      ...(program.feed ? ['common/piece.h'] : []),
      ...(program.stages.some(({ kind }) => kind === 'cascade') ? ['common/turns.h'] : []),
    ]),
  ])
  const upper = macroCase(program.name)
  const data = {
    name: program.name,
    upper,
    origin,
    removed: origin.removed && { weights: share(origin.removed.weights), macs: share(origin.removed.macs) },
    namespace: `eonc_${origin.compiler.replace(/[^0-9a-z]+/gi, '_')}`,
    guardPrefix: `EONC_${macroCase(origin.compiler)}`,
    inputs: program.inputs.map((tensor, i) => ioFacts(tensor, 'Input', i, upper)),
    outputs: program.outputs.map((tensor, i) => ioFacts(tensor, 'Output', i, upper)),
    declarations: declarations(program),
    sizeAssertion: fill(
      [
        `static_assert(sizeof(${program.name}_context) ==`,
        `${upper}_CONTEXT_BYTES,`,
        '"the context is as large as the header says");',
      ],
      '    ',
      { first: '' },
    ),
    inputExample: fill([`memcpy(${program.name}_input(&context, 0), data,`, `${upper}_INPUT_0_BYTES);`], ' *       ', {
      first: ' *   ',
    }),
    pushExample: fill([`if (${program.name}_push(&context, unit, 1) ==`, `${program.name}_ok) {`], ' *       ', {
      first: ' *   ',
    }),
    mode: program.feed?.mode ?? (program.preserving ? 'preserve' : 'whole'),
    feed: program.feed === undefined ? undefined : feedFacts(program, program.feed),
    arenaBytes: arenaBytes(program),
    contextBytes: contextBytes(program),
    alignType: program.arenaAlignment > 4 ? 'uint64_t' : 'uint32_t',
    constantBytes: constantBytes(program),
    constants: program.constants.map(({ name, values }) => ({
      name,
      type: cTypeOf(values),
      length: values.length,
      text: wrap(literals(values), '    '),
    })),
    parameters: calls.map((call) => parameters(call, bundle)),
    cascades: program.stages.flatMap((stage, i) =>
      stage.kind === 'cascade' ? [cascade(stage, program, i === 0)] : [],
    ),
    stages: stagesAfterFeed(program).map((stage) =>
      stage.kind === 'layer'
        ? { lines: stage.calls.flatMap((call) => [...commentLines(call.comment, '  '), callLines(call, '  ')]) }
        : { lines: [`  ${stage.name}(arena);`] },
    ),
    usesArena: usesArena(program),
    systemHeaders: bundle.systemHeaders,
    kernelFiles: bundle.files.map((file) => ({ ...file, guard: macroCase(file.path) })),
  }
  const render = (name: string): string => renderTemplate(template(name), data)
  return {
    header: render('model.h'),
    source: render('model.cpp'),
    kernels: render('kernels.h'),
    weights: render('weights.h'),
    needsMath: bundle.systemHeaders.includes('math.h'),
  }
}
