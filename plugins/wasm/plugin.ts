import { PLUGIN_API_VERSION, type Target, z } from 'eonc/plugin'
import { packageFiles } from './package.js'
import { runPackage } from './run.js'

/** Names of packages that npm takes, without those of Node.js itself, which would come first. */
const PACKAGE_NAME = /^(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/

const options = z.object({
  html: z
    .boolean()
    .default(false)
    .describe('add demo.html, one page with everything in it, to try the network in a browser'),
  package: z
    .string()
    .regex(PACKAGE_NAME, 'it is no name of an npm package, such as @company/keyword')
    .optional()
    .describe('name of the npm package (default: that of the network)'),
})

/** Names of a command with the versions that distributions append, the newest first. */
const versions = (command: string): readonly string[] => [
  command,
  ...Array.from({ length: 15 }, (_, index) => `${command}-${28 - index}`),
]

/** An npm package with networks in WebAssembly. */
export const wasm: Target<z.infer<typeof options>> = {
  apiVersion: PLUGIN_API_VERSION,
  name: 'wasm',
  description: 'an npm package in WebAssembly, for browsers and Node.js',
  options,
  cpu: 'wasm',
  tools: [
    {
      name: 'clang',
      commands: versions('clang'),
      why: 'to compile the network to WebAssembly',
      help: 'Install clang and lld (on Debian: apt install clang lld wasi-libc), or Emscripten.',
      optional: true,
    },
    {
      name: 'wasm-ld',
      commands: versions('wasm-ld'),
      why: 'to link what clang has compiled',
      help: 'Install lld (on Debian: apt install lld), or Emscripten.',
      optional: true,
    },
    {
      name: 'emscripten',
      commands: ['em++'],
      why: 'to compile the network to WebAssembly where clang cannot',
      help: 'Install Emscripten (on Debian: apt install emscripten).',
      optional: true,
    },
  ],
  emit: (library, { html, package: packageName }, { tools }) =>
    packageFiles(
      library,
      { html, packageName: packageName ?? library.name },
      {
        clang: tools['clang'],
        wasmLd: tools['wasm-ld'],
        emscripten: tools['emscripten'],
      },
    ),
  run: runPackage,
}
