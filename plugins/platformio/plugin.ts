import {
  cmsisNnText,
  cType,
  factsText,
  kernelsText,
  PLUGIN_API_VERSION,
  renderTemplate,
  usageText,
  z,
} from 'eonc/plugin'
import type { ModelFacts, OutputFile, SourceSet, Target } from 'eonc/plugin'

const OPTIONS = z.object({
  libraryVersion: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'A version is three numbers, such as 1.0.0')
    .default('1.0.0')
    .describe('version of the library'),
  author: z.string().min(1).optional().describe('author of the library'),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('page of the library'),
})
type Options = z.infer<typeof OPTIONS>

const template = (name: string): URL => new URL(`templates/${name}.ejs`, import.meta.url)

/** A number of bytes as people write it. */
const grouped = (bytes: number): string => String(bytes).replace(/\B(?=(\d{3})+$)/g, ',')

/** The script that gives an assembler file the flags of the processor, where there is one. */
const FLAGS = 'flags.py'
const hasAssembly = ({ files }: SourceSet): boolean => files.some(({ path }) => path.endsWith('.S'))

/** What the library is, in a sentence. */
function description({ models, sharedArena }: SourceSet): string {
  const each = models.map(
    ({ name, contextBytes, constantBytes }) =>
      `${name} (${grouped(contextBytes)} bytes of RAM, ${grouped(constantBytes)} bytes of constants)`,
  )
  const shared = sharedArena === undefined ? '' : `, with a shared arena of ${grouped(sharedArena.bytes)} bytes`
  return `${models.length === 1 ? 'Neural network' : 'Neural networks'} as C++ source: ${each.join(', ')}${shared}`
}

/** The manifest, as PlatformIO's schema has it. */
function manifest(library: string, sources: SourceSet, { libraryVersion, author, url }: Options): object {
  const { models, files } = sources
  return {
    name: library,
    version: libraryVersion,
    description: description(sources),
    keywords: ['tinyml', 'neural network', 'machine learning', 'inference', 'tflite'],
    ...(author !== undefined && { authors: [{ name: author }] }),
    ...(url !== undefined && { homepage: url }),
    license: 'MIT-0',
    frameworks: '*',
    platforms: '*',
    headers: files.filter(({ role }) => role === 'public-header').map(({ path }) => path),
    build: {
      srcDir: 'src',
      includeDir: 'src',
      // each function and table in a section of its own, so that --gc-sections can drop what is not called
      flags: [
        '-ffunction-sections',
        '-fdata-sections',
        '-fno-exceptions',
        ...(models.some(({ needsMath }) => needsMath) ? ['-lm'] : []),
      ],
      ...(hasAssembly(sources) && { extraScript: FLAGS }),
      libArchive: true,
    },
    export: { exclude: ['.eonc-files', '.pio', 'examples/*/.pio'] },
    examples: models.map(({ name }) => ({
      name,
      base: `examples/${name}`,
      files: ['platformio.ini', 'src/main.cpp'],
    })),
  }
}

/** The project that runs an inference of a model. */
function example(facts: ModelFacts): readonly OutputFile[] {
  const isQuantized = ({ type, quantization }: ModelFacts['outputs'][number]): boolean =>
    type !== 'float32' && quantization?.scales.length === 1
  const data = {
    ...facts,
    upper: facts.name.toUpperCase(),
    cType,
    isQuantized,
    arena: facts.sharedArena ? ', &arena' : '',
  }
  const folder = `examples/${facts.name}`
  return [
    { path: `${folder}/platformio.ini`, contents: renderTemplate(template('platformio.ini'), data) },
    { path: `${folder}/src/main.cpp`, contents: renderTemplate(template('main.cpp'), data) },
  ]
}

function emit(sources: SourceSet, options: Options): Promise<readonly OutputFile[]> {
  const { name, files, models } = sources
  // PlatformIO tells libraries by their names
  const library = `eonc_${name}`
  const readme = {
    ...sources,
    library,
    folder: name,
    version: options.libraryVersion,
    usages: models.map((facts) => usageText(facts)),
    facts: models.map(factsText),
    kernels: models.map(kernelsText),
    cmsisNn: models.map(cmsisNnText).join('\n'),
  }
  return Promise.resolve([
    { path: 'library.json', contents: `${JSON.stringify(manifest(library, sources, options), null, 2)}\n` },
    { path: 'README.md', contents: renderTemplate(template('README.md'), readme) },
    ...(hasAssembly(sources) ? [{ path: FLAGS, contents: renderTemplate(template(FLAGS), {}) }] : []),
    ...models.flatMap(example),
    ...files.map((file) => ({ ...file, path: `src/${file.path}` })),
  ])
}

/** A PlatformIO library: a folder of `lib_deps`, or an archive for `pio pkg install`. */
export const platformio: Target<Options> = {
  apiVersion: PLUGIN_API_VERSION,
  name: 'platformio',
  description: 'a PlatformIO library, for any platform and framework',
  options: OPTIONS,
  emit,
}
