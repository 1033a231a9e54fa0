import { type OutputFile, PLUGIN_API_VERSION, renderTemplate, type SourceSet, type Target } from 'eonc'

/** Templates by the paths that they give. */
const TEMPLATES = {
  'CMakeLists.txt': 'CMakeLists.txt.ejs',
  'README.md': 'README.md.ejs',
  LICENSE: 'LICENSE.ejs',
  'example/CMakeLists.txt': 'example-CMakeLists.txt.ejs',
  'example/main.cpp': 'example-main.cpp.ejs',
} as const

/** C types of elements. */
const C_TYPES = {
  float32: 'float',
  int8: 'int8_t',
  int32: 'int32_t',
  uint8: 'uint8_t',
  int16: 'int16_t',
  bool: 'uint8_t',
} as const

function emit({ files, facts }: SourceSet): Promise<readonly OutputFile[]> {
  const data = {
    ...facts,
    upper: facts.name.toUpperCase(),
    types: C_TYPES,
    // headers among them: development environments show what a target lists
    sources: files.map(({ path }) => path),
    headers: files.filter(({ role }) => role === 'public-header').map(({ path }) => path),
  }
  const rendered = Object.entries(TEMPLATES).map(([path, template]) => ({
    path,
    contents: renderTemplate(new URL(`templates/${template}`, import.meta.url), data),
  }))
  const sources = files.map(({ path, contents }) => ({ path: `src/${path}`, contents }))
  return Promise.resolve([...rendered, ...sources])
}

/** A CMake library: `add_subdirectory`, `FetchContent`, or `find_package` once installed. */
export const cmake: Target = {
  apiVersion: PLUGIN_API_VERSION,
  name: 'cmake',
  description: 'a CMake library: add_subdirectory, FetchContent, or install and find_package',
  tools: [],
  emit,
}
