import { cType, factsText, kernelsText, PLUGIN_API_VERSION, renderTemplate } from 'eonc/plugin'
import type { OutputFile, SourceSet, Target } from 'eonc/plugin'

/** Templates by the paths that they give. */
const TEMPLATES = {
  'CMakeLists.txt': 'CMakeLists.txt.ejs',
  'README.md': 'README.md.ejs',
  'example/CMakeLists.txt': 'example-CMakeLists.txt.ejs',
  'example/main.cpp': 'example-main.cpp.ejs',
} as const

function emit({ files, models }: SourceSet): Promise<readonly OutputFile[]> {
  const [facts] = models
  if (facts === undefined) throw new Error('there is no model')
  const data = {
    ...facts,
    upper: facts.name.toUpperCase(),
    cType,
    facts: factsText(facts),
    kernels: kernelsText(facts),
    // headers among them: development environments show what a target lists
    sources: files.map(({ path }) => path),
    headers: files.filter(({ role }) => role === 'public-header').map(({ path }) => path),
  }
  const rendered = Object.entries(TEMPLATES).map(([path, template]) => ({
    path,
    contents: renderTemplate(new URL(`templates/${template}`, import.meta.url), data),
  }))
  return Promise.resolve([...rendered, ...files.map((file) => ({ ...file, path: `src/${file.path}` }))])
}

/** A CMake library: `add_subdirectory`, `FetchContent`, or `find_package` once installed. */
export const cmake: Target = {
  apiVersion: PLUGIN_API_VERSION,
  name: 'cmake',
  description: 'a CMake library: add_subdirectory, FetchContent, or install and find_package',
  emit,
}
