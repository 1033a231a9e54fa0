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
