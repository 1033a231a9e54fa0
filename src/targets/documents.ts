import { cType, macroCase } from '../codegen/cpp.js'
import { renderTemplate } from '../codegen/render.js'
import type { ModelFacts, SourceSet } from '../plugin.js'

const template = (name: string): URL => new URL(`templates/${name}.ejs`, import.meta.url)

/** The sizes, inputs and outputs of a model as a table in Markdown, for READMEs; ends with a line feed. */
export function factsText(facts: ModelFacts): string {
  return renderTemplate(template('facts.md'), { ...facts, upper: macroCase(facts.name) })
}

/** The kernel calls of a model as a table in Markdown, for READMEs; ends with a line feed. */
export function kernelsText(facts: ModelFacts): string {
  return renderTemplate(template('kernels.md'), facts)
}

/**
 * What a model needs where a firmware computes with CMSIS-NN, and which layers do not, as a table in Markdown, for READMEs;
 * ends with a line feed. Empty where there is no such way.
 */
export function cmsisNnText({ name, cmsisNn = [] }: ModelFacts): string {
  if (cmsisNn.length === 0) return ''
  const others = (cmsisNn[0]?.operators ?? []).filter(({ kernel }) => !kernel.endsWith('_cmsis_nn'))
  return renderTemplate(template('cmsis-nn.md'), { name, sets: cmsisNn, others, cores: CMSIS_NN_CORES })
}

/** The cores of the kernel sets of CMSIS-NN. */
const CMSIS_NN_CORES: Readonly<Record<string, string>> = {
  cmsis_nn_mve: 'with Helium (M55, M85)',
  cmsis_nn_dsp: 'with the DSP extension (M4, M7, M33)',
  cmsis_nn: 'all others',
}

/** Lines of C that call a model whose header is included by this name; they end with a line feed. */
export function usageText(facts: ModelFacts, header = `${facts.name}.h`): string {
  return renderTemplate(template('usage.c'), {
    ...facts,
    header,
    upper: macroCase(facts.name),
    cType,
    arena: facts.sharedArena ? ', &arena' : '',
  })
}

/** The licence of an output. */
export function licenseText({ models, compiler }: SourceSet): string {
  return renderTemplate(template('LICENSE'), { compiler, names: models.map(({ name }) => name).join(', ') })
}

/** The README of an output whose target has none. */
export function readmeText(sources: SourceSet): string {
  return renderTemplate(template('README.md'), {
    ...sources,
    facts: sources.models.map(factsText),
    kernels: sources.models.map(kernelsText),
  })
}
