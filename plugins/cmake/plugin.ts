import { cmsisNnText, cType, factsText, kernelsText, PLUGIN_API_VERSION, renderTemplate } from 'eonc/plugin'
import type { ModelFacts, OutputFile, SourceSet, Target } from 'eonc/plugin'

/** Templates by the paths that they give. */
const TEMPLATES = {
  'CMakeLists.txt': 'CMakeLists.txt.ejs',
  'README.md': 'README.md.ejs',
  'example/CMakeLists.txt': 'example-CMakeLists.txt.ejs',
  'example/main.cpp': 'example-main.cpp.ejs',
} as const

/** What the examples of a model print: names apart where there are several models. */
function exampleOf(facts: ModelFacts, several: boolean): object {
  const { name, sharedArena } = facts
  return {
    ...facts,
    cType,
    upper: name.toUpperCase(),
    context: several ? `${name}_memory` : 'context',
    fetch: several ? `fetch_${name}` : 'get_data',
    take: several ? `take_${name}` : 'take',
    classify: several ? `run_${name}` : 'classify',
    signature: several ? `static int run_${name}()` : 'int main()',
    shared: sharedArena ? '&arena, ' : '',
    sharedLast: sharedArena ? ', &arena' : '',
  }
}

const render = (template: string, data: object): string =>
  renderTemplate(new URL(`templates/${template}`, import.meta.url), data)

function emit(sources: SourceSet): Promise<readonly OutputFile[]> {
  const { files, models } = sources
  const examples = models.map((facts) => exampleOf(facts, models.length > 1))
  const [{ inputMode } = { inputMode: 'resident' }] = models
  const data = {
    ...sources,
    inputMode,
    names: models.map(({ name }) => name),
    needsMath: models.some(({ needsMath }) => needsMath),
    cmsisNn: models.map(cmsisNnText).join('\n'),
    facts: models.map(factsText),
    kernels: models.map(kernelsText),
    uses: examples.map((example) => render('use.c.ejs', example)),
    examples: examples.map((example) => render('example-model.cpp.ejs', example)),
    // headers among them: development environments show what a target lists
    sources: files.map(({ path }) => path),
    assembly: files.filter(({ path }) => path.endsWith('.S')).map(({ path }) => path),
    headers: files.filter(({ role }) => role === 'public-header').map(({ path }) => path),
  }
  const rendered = Object.entries(TEMPLATES).map(([path, template]) => ({ path, contents: render(template, data) }))
  return Promise.resolve([...rendered, ...files.map((file) => ({ ...file, path: `src/${file.path}` }))])
}

/** A CMake library: `add_subdirectory`, `FetchContent`, or `find_package` once installed. */
export const cmake: Target = {
  apiVersion: PLUGIN_API_VERSION,
  name: 'cmake',
  description: 'a CMake library: add_subdirectory, FetchContent, or install and find_package',
  emit,
}
