import { factsText, kernelsText, type OutputFile, renderTemplate, type SourceFile, type SourceSet } from 'eonc/plugin'
import { readFile } from 'node:fs/promises'
import { buildModules, LIBRARY_FOLDER, type Modules, type Tools } from './build.js'
import { exampleLines, modelData, runtimeFacts } from './model-data.js'

export interface PackageOptions {
  /** Add the demo page. */
  readonly html: boolean
  /** Name of the npm package. */
  readonly packageName: string
}

const template = (name: string): URL => new URL(`templates/${name}.ejs`, import.meta.url)
const runtimeFile = (name: string): Promise<string> => readFile(new URL(`runtime/${name}`, import.meta.url), 'utf8')

/** Text files of the package, by their templates' names. */
const TEXTS = ['index.js', 'index.node.js', 'index.d.ts', 'facts.js', 'package.json', 'README.md']

/** The module of a library: its sources in one translation unit, with what is exported. */
function build(library: SourceSet, data: object, tools: Tools): Promise<Modules> {
  const { files, models } = library
  return buildModules(
    {
      files: [
        ...files,
        { path: 'eonc_module.cpp', contents: renderTemplate(template('module.cpp'), data) },
        { path: `${LIBRARY_FOLDER}/string.h`, contents: renderTemplate(template('string.h'), data) },
      ],
      main: 'eonc_module.cpp',
      needsMath: models.some(({ needsMath }) => needsMath),
      bytes: models.reduce((sum, { contextBytes, constantBytes }) => sum + contextBytes + constantBytes, 0),
    },
    tools,
  )
}

/** JSON that is safe within a script of a page as well. */
const scriptJson = (value: unknown): string =>
  JSON.stringify(value, undefined, 2)
    .replace(/\[\s+([\d,\s]+?)\s+\]/g, (_, list: string) => `[${list.replace(/\s+/g, ' ')}]`)
    .replaceAll('<', '\\u003c')

function manifest({ name, models }: SourceSet, { html, packageName }: PackageOptions): object {
  return {
    name: packageName,
    version: '1.0.0',
    description: `Neural network ${models.map((model) => model.name).join(', ')} in WebAssembly, without dependencies`,
    keywords: ['neural network', 'webassembly', 'tinyml', 'inference'],
    license: 'MIT-0',
    type: 'module',
    exports: {
      '.': { types: './index.d.ts', node: './index.node.js', default: './index.js' },
      [`./${name}.wasm`]: `./${name}.wasm`,
      [`./${name}_simd.wasm`]: `./${name}_simd.wasm`,
      './package.json': './package.json',
    },
    types: './index.d.ts',
    files: [
      'index.js',
      'index.node.js',
      'index.d.ts',
      'facts.js',
      'runtime.js',
      `${name}.wasm`,
      `${name}_simd.wasm`,
      ...(html ? ['demo.html'] : []),
    ],
    sideEffects: false,
    engines: { node: '>=18' },
  }
}

/** The demo page: everything is in it. */
async function demoPage(data: object, modules: Modules): Promise<OutputFile> {
  const runtime = (await runtimeFile('runtime.js')).replace(/^export .*$/m, '').trim()
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
  const contents = renderTemplate(template('demo.html'), {
    ...data,
    style: (await runtimeFile('demo.css')).trim(),
    script: (await runtimeFile('demo.js')).trim(),
    runtime,
    plain: base64(modules.plain),
    simd: base64(modules.simd),
  })
  return { path: 'demo.html', contents }
}

/** The files of the npm package of a library. Throws a TargetError when they cannot be built. */
export async function packageFiles(
  library: SourceSet,
  options: PackageOptions,
  tools: Tools,
): Promise<readonly OutputFile[]> {
  const { name, compiler, files, models } = library
  const { html } = options
  const several = models.length > 1
  const described = models.map((model) => modelData(model, several))
  const pathsOf = (isIt: (file: SourceFile) => boolean): readonly string[] => files.filter(isIt).map(({ path }) => path)
  const sources = pathsOf(({ role, path }) => role === 'source' && path.endsWith('.cpp'))
  const modules = await build(
    library,
    { name, models: described, sources, sharedArena: library.sharedArena?.type ?? '' },
    tools,
  )
  const factsJson = scriptJson(models.map((model, i) => runtimeFacts(model, described[i]?.prefix ?? '')))
  const data = {
    name,
    compiler,
    models: described,
    html,
    folder: name,
    example: exampleLines(described),
    packageName: options.packageName,
    facts: models.map(factsText),
    kernels: models.map(kernelsText),
    manifestJson: JSON.stringify(manifest(library, options), undefined, 2),
    factsJson,
    plainBytes: modules.plain.length,
    simdBytes: modules.simd.length,
  }
  return [
    ...TEXTS.map((path) => ({ path, contents: renderTemplate(template(path), data) })),
    { path: 'runtime.js', contents: await runtimeFile('runtime.js') },
    { path: `${name}.wasm`, contents: modules.plain },
    { path: `${name}_simd.wasm`, contents: modules.simd },
    ...(html ? [await demoPage(data, modules)] : []),
  ]
}
