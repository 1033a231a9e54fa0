/** The generated texts of a model as files. */
import type { GeneratedFiles } from './codegen/index.js'
import type { SourceFile } from './plugin.js'

/** All files of a model that is compiled by itself. */
export const sourceFiles = (name: string, code: GeneratedFiles): readonly SourceFile[] => [
  { path: `${name}.h`, contents: code.header, role: 'public-header' },
  ...code.variants.map(({ stem, source }): SourceFile => ({ path: `${stem}.cpp`, contents: source, role: 'source' })),
  ...kernelSources(name, code),
  ...code.variants.flatMap(weightsFile),
]

/** The file with the constants of a variant, if it has one of its own. */
export const weightsFile = ({ stem, weights }: GeneratedFiles['variants'][number]): readonly SourceFile[] =>
  weights === undefined ? [] : [{ path: `${stem}_weights.h`, contents: weights, role: 'private-header' }]

/** The files with the kernels of a library. */
export const kernelSources = (
  library: string,
  { kernels, assembly }: Pick<GeneratedFiles, 'kernels' | 'assembly'>,
): readonly SourceFile[] => [
  { path: `${library}_kernels.h`, contents: kernels, role: 'private-header' },
  ...(assembly === undefined ? [] : [{ path: `${library}_kernels.S`, contents: assembly, role: 'source' } as const]),
]
