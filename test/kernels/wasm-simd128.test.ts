/** The kernels on WebAssembly's vectors against the portable ones, which other tests compare with the oracle. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { emptyFolder } from '../support/folders.js'
import { runSeed } from '../support/random.js'
import { projectRoot, runOrThrow, skipWithout, strictWarnings } from '../support/toolchain.js'
import { wasmExports, type WasmMemory } from '../support/wasm.js'

const skip = skipWithout('clang', 'wasm-ld')
const SWEEP = join(projectRoot, 'test/kernels/wasm_simd128/sweep.cpp')
const SEED = runSeed(1)

/** As `sweep.cpp` numbers them. */
const KERNELS = [
  'conv_2d',
  'depthwise_conv_2d',
  'fully_connected',
  'fully_connected, piece by piece',
  'average_pool_2d',
  'max_pool_2d',
  'add',
  'sub',
  'mul',
  'average_pool_2d, piece by piece',
]

const LEVELS = [
  { level: '-O2', configurations: 2_500 },
  { level: '-O0', configurations: 200 },
] as const

interface Sweep {
  readonly memory: WasmMemory
  readonly equal: (kernel: number, seed: number) => number
  readonly shape: () => number
}

/** The sweep as a module of its own, whose memory is as large as its largest configuration needs. */
async function buildSweep(level: string, folder: string): Promise<Sweep> {
  const output = join(folder, `sweep${level}.wasm`)
  const language = ['-std=c++11', '-fno-exceptions', '-fno-rtti', ...strictWarnings]
  const includes = `-I${join(projectRoot, 'src/kernels')}`
  const target = ['--target=wasm32-wasi', '-msimd128', level]
  await runOrThrow('clang', [...target, ...language, includes, '-c', SWEEP, '-o', `${output}.o`])
  const { stdout } = await runOrThrow('clang', ['--target=wasm32-wasi', '-print-file-name=libc.a'])
  const link = ['--no-entry', '--initial-memory=8388608', `${output}.o`, stdout.trim(), '-o', output]
  await runOrThrow('wasm-ld', link)
  return wasmExports<Sweep>(await readFile(output))
}

/** What is wrong with a configuration; undefined when nothing is. A read beyond the end of memory is a trap. */
function difference({ equal, shape, memory }: Sweep, kernel: number, seed: number): string | undefined {
  const about = (problem: string): string =>
    `seed ${seed}, ${problem}: ${new Int32Array(memory.buffer, shape(), 12).join(' ')}`
  try {
    return equal(kernel, seed) === 1 ? undefined : about('other bytes')
  } catch (error) {
    return about(String(error))
  }
}

for (const { level, configurations } of LEVELS) {
  t.test(
    `${configurations} random layers of each kernel have the bytes of the portable set, ${level}`,
    { skip },
    async (t) => {
      const sweep = await buildSweep(level, await emptyFolder(`wasm-simd128${level}`))
      KERNELS.forEach((name, kernel) => {
        const seeds = Array.from({ length: configurations }, (_, index) => SEED + index)
        const differences = seeds.flatMap((seed) => difference(sweep, kernel, seed) ?? [])
        t.same(differences.slice(0, 5), [], `${name}: ${differences.length} of ${configurations} differ`)
      })
    },
  )
}
