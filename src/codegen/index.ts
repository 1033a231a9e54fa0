import { isDeepStrictEqual } from 'node:util'
import { InternalError } from '../ir/index.js'
import { callsOf, type CascadeStage, isCmsisNn, type Program } from '../lower/index.js'
import { avrError, constantBytes } from './constants.js'
import { arenaBytes, contextBytes, feedFacts, streamGapBytes } from './feed.js'
import { callLines, kernelPaths } from './calls.js'
import { commentText, cTypeOf, fill, literals, macroCase, wrap } from './cpp.js'
import { declarations, ioFacts } from './io.js'
import { bundleKernels, type KernelBundle } from './kernel-library.js'
import {
  arenaFacts,
  arenaType,
  kernelNames,
  kernelTexts,
  type KernelTexts,
  type Library,
  ownLibrary,
} from './library.js'
import { labelMacros } from './labels.js'
import { hookedLines, profileFacts } from './profile.js'
import { notes } from './notes.js'
import { parameters } from './parameters.js'
import { renderTemplate } from './render.js'
import { conditionOf, eachVariant, ladder, stemOf, variantMacro } from './variants.js'

export { kernelFunction } from './calls.js'
export { constantBytes } from './constants.js'
export { cType } from './cpp.js'
export { arenaBytes, contextBytes } from './feed.js'
export { renderTemplate } from './render.js'
export { conditionalSets } from './variants.js'
export { arenaType, generateLibrary, type Library, type LibraryFiles } from './library.js'

/** Generated files; what they are to a build is the caller's to say. */
export interface GeneratedFiles extends KernelTexts {
  readonly header: string
  /** What each variant has of its own: `stem` is the name of its files without extension. */
  readonly variants: readonly {
    readonly stem: string
    readonly source: string
    /** Left out where its constants are those of a variant before it, whose file it then includes. */
    readonly weights?: string
  }[]
}

/** What the generated comments say about where the code comes from. */
export interface Origin {
  /** Version of eonc. */
  readonly compiler: string
  /** SHA-256 of the model file, in hexadecimal. */
  readonly modelHash: string
  /** What is left out of the model as it does nothing: so many of all its weights and multiply-accumulates are left. */
  readonly removed?: { readonly weights: Left; readonly macs: Left }
  /** What stands for what along the last axis of output 0; none where nobody said. */
  readonly labels?: readonly string[]
}

interface Left {
  readonly before: number
  readonly after: number
}

/** How much is gone, in percent. */
const share = ({ before, after }: Left): number => Math.round((100 * (before - after)) / Math.max(1, before))

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

/** The macro that puts a constant into ROM where that has to be said. */
const romMacro = (name: string): string => `${macroCase(name)}_ROM`

/** A cascade as C++. The first one takes an input as it comes, if there is one that does. */
function cascade(
  { name, comment, pixels, turns, units }: CascadeStage,
  program: Program,
  library: Library,
  first: boolean,
): string {
  const { feed } = program
  const fed = first && feed?.cascaded === true ? feed.mode : 'whole'
  return renderTemplate(template('cascade'), {
    ...arenaFacts(library),
    name: program.name,
    cascade: name,
    fed,
    feed: feed === undefined ? undefined : feedFacts(program, feed),
    comment: comment.map((line) => commentText(line)),
    pixels,
    rom: romMacro(program.name),
    turns: wrap(turns.list.map(String), '    '),
    turnCount: turns.list.length,
    runs: turns.runs && wrap(turns.runs.map(String), '    '),
    units: units.map((calls, unit) => ({
      unit,
      lines: hookedLines(calls, program, '      ', (call) => [
        commentLines(call.comment, '      '),
        callLines(call, '      ', `done[${unit}]`),
      ]),
    })),
  })
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

/** The kernel files of a program, within `src/kernels`. */
export function kernelFilesOf(program: Program): readonly string[] {
  return [
    ...new Set([
      ...callsOf(program).flatMap(kernelPaths),
      ...(program.feed ? ['common/piece.h'] : []),
      ...(program.stages.some(({ kind }) => kind === 'cascade') ? ['common/turns.h'] : []),
    ]),
  ]
}

/** True when the kernels of a program use the math library. */
export function needsMath(program: Program): boolean {
  return bundleKernels(kernelFilesOf(program)).systemHeaders.includes('math.h')
}

/** What templates print of a program. */
function programData(program: Program, origin: Origin, library: Library, bundle: KernelBundle): object {
  const calls = callsOf(program)
  const upper = macroCase(program.name)
  const place = { upper, arena: arenaFacts(library)['arena'] ?? '' }
  const sharedArgument = library.sharesArena ? ', &arena' : ''
  return {
    name: program.name,
    upper,
    origin,
    library: library.name,
    ...kernelNames(origin),
    ...arenaFacts(library),
    inputs: program.inputs.map((tensor, i) => ioFacts(tensor, 'Input', i, place)),
    outputs: program.outputs.map((tensor, i) => ioFacts(tensor, 'Output', i, place)),
    declarations: declarations(program, library),
    removed: origin.removed && { weights: share(origin.removed.weights), macs: share(origin.removed.macs) },
    sizeAssertion: fill(
      [
        `static_assert(sizeof(${program.name}_context) ==`,
        `${upper}_CONTEXT_BYTES,`,
        '"the context is as large as the header says");',
      ],
      '    ',
      { first: '' },
    ),
    arenaAssertion: fill(
      [`static_assert(sizeof(${arenaType(library)}) >=`, `${upper}_ARENA_BYTES,`, '"the arena is large enough");'],
      '    ',
      { first: '' },
    ),
    inputExample: fill(
      [`memcpy(${program.name}_input(&context${sharedArgument}, 0), data,`, `${upper}_INPUT_0_BYTES);`],
      ' *       ',
      {
        first: ' *   ',
      },
    ),
    pushExample: fill(
      [`if (${program.name}_push(&context${sharedArgument}, unit, 1) ==`, `${program.name}_ok) {`],
      ' *       ',
      {
        first: ' *   ',
      },
    ),
    mode: program.feed?.mode ?? (program.preserving ? 'preserve' : 'whole'),
    feed: program.feed === undefined ? undefined : feedFacts(program, program.feed),
    arenaBytes: arenaBytes(program, library.sharesArena),
    contextBytes: contextBytes(program, library.sharesArena),
    streamGapBytes: streamGapBytes(program, library.sharesArena),
    sharedArgument,
    alignType: program.arenaAlignment > 4 ? 'uint64_t' : 'uint32_t',
    rom: romMacro(program.name),
    constantBytes: constantBytes(program),
    avrError: avrError(program),
    constants: program.constants.map(({ name, values, isOutput }) => ({
      name,
      type: cTypeOf(values),
      length: values.length,
      isOutput: isOutput === true,
      text: wrap(literals(values), '    '),
    })),
    parameters: calls.map((call) => parameters(call, bundle)),
    cascades: program.stages.flatMap((stage, i) =>
      stage.kind === 'cascade' ? [cascade(stage, program, library, i === 0)] : [],
    ),
    stages: stagesAfterFeed(program).map((stage) =>
      stage.kind === 'layer'
        ? {
            lines: hookedLines(stage.calls, program, '  ', (call) => [
              commentLines(call.comment, '  '),
              callLines(call, '  ', '0', `${program.name}_error_library`),
            ]),
          }
        : { lines: [`  ${stage.name}(arena);`] },
    ),
    usesArena: usesArena(program),
    profile: profileFacts(program),
    notes: notes(program),
    kernelFiles: bundle.files,
  }
}

/** The check that what is left where no other variant is chosen is compiled for a processor that has its kernel set. */
function requirement({ name, set }: Program, variants: readonly Program[]): string {
  if (set === 'portable' || set !== variants.at(-1)?.set) return ''
  const chosen = variants.length > 1 ? `defined(${variantMacro(name, set)}) && ` : ''
  return `#if ${chosen}!(${conditionOf(set)})\n#error "these sources are for processors with the kernel set ${set}: see --cpu"\n#endif`
}

/** The first variant that has the same constants. */
const firstWithConstantsOf = ({ constants }: Program, variants: readonly Program[]): number =>
  variants.findIndex((variant) => isDeepStrictEqual(variant.constants, constants))

/**
 * The C++ source of a model: a public header, kernels, and for each variant a source file and its weights. Variants are
 * the same model made for different kernel sets, the best one first, of which the preprocessor chooses one.
 */
export function generateCode(variants: readonly Program[], origin: Origin, library?: Library): GeneratedFiles {
  const [first] = variants
  if (first === undefined) throw new InternalError('there is no program to generate code for')
  const within = library ?? ownLibrary(first)
  const kernelFiles = variants.flatMap(kernelFilesOf)
  const bundle = bundleKernels([...new Set(kernelFiles)])
  const data = new Map(variants.map((program) => [program, programData(program, origin, within, bundle)]))
  const dataOf = (program: Program): object => data.get(program) ?? {}
  const render = (name: string, values: object): string => renderTemplate(template(name), values)
  const each = (name: string): string => eachVariant(variants, (program) => render(name, dataOf(program)).trimEnd())
  return {
    header: render('model.h', {
      ...dataOf(variants.at(-1) ?? first),
      labels: labelMacros(first.name, origin.labels),
      cmsisNn: variants.some(({ set }) => isCmsisNn(set)),
      alone: within.name === first.name,
      ladder: ladder(variants),
      units: each('units'),
      sizes: each('sizes'),
      context: each('context'),
    }),
    variants: variants.map((program, i) => {
      const stem = stemOf(variants, i)
      const holder = firstWithConstantsOf(program, variants)
      const own = {
        ...dataOf(program),
        weightsStem: stemOf(variants, holder),
        upperStem: macroCase(stem),
        guard: variants.length > 1 ? variantMacro(program.name, program.set) : '',
        requirement: requirement(program, variants),
      }
      const weights = holder === i ? { weights: render('weights.h', own) } : {}
      return { stem, source: render('model.cpp', own), ...weights }
    }),
    ...kernelTexts(within.name, kernelFiles, origin),
  }
}
