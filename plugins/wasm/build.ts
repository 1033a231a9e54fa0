import { TargetError } from 'eonc/plugin'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { promisify } from 'node:util'

/** A source file to build, its path relative to the others. */
export interface BuildFile {
  readonly path: string
  readonly contents: string | Uint8Array
}

/** Paths of the programs that there are. */
export interface Tools {
  readonly clang?: string | undefined
  readonly wasmLd?: string | undefined
  readonly emscripten?: string | undefined
}

/** What a module is made of. */
export interface BuildRequest {
  readonly files: readonly BuildFile[]
  /** The one that is compiled; it includes the others. */
  readonly main: string
  /** True when the math library is needed. */
  readonly needsMath: boolean
  /** Bytes of static data and constants. */
  readonly bytes: number
}

export interface Modules {
  readonly plain: Uint8Array
  readonly simd: Uint8Array
}

const run = promisify(execFile)
const PAGE = 65_536
const STACK = PAGE

const LANGUAGE = ['-std=c++11', '-fno-exceptions', '-fno-rtti', '-mbulk-memory']
/** The plain module is small, as it is for what has no vectors; the other one is fast. */
const LEVELS = { plain: ['-Os'], simd: ['-O2', '-msimd128'] } as const

/** The folder, within that of a build, of the headers that stand for a C library. */
export const LIBRARY_FOLDER = 'library'

/** What a compiler says, without the folder of the build. */
const messageOf = (error: unknown, folder: string): string => {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
  return text.replaceAll(`${folder}/`, '').trim().split('\n').slice(0, 12).join('; ')
}

const hasWasm = async (clang: string): Promise<boolean> =>
  run(clang, ['--print-targets']).then(
    ({ stdout }) => /\bwasm32\b/.test(stdout),
    () => false,
  )

/** The folder of the C library for WebAssembly that clang finds by itself; undefined when there is none. */
const libraryFolder = async (clang: string): Promise<string | undefined> =>
  run(clang, ['--target=wasm32-wasi', '-print-file-name=libm.a']).then(
    ({ stdout }) => (isAbsolute(stdout.trim()) ? dirname(stdout.trim()) : undefined),
    () => undefined,
  )

/** A command and its arguments. */
type Command = readonly [command: string, ...args: string[]]

/** The commands that make a module of a source file, one after the other. */
type Compiler = (main: string, output: string, flags: readonly string[]) => readonly Command[]

/** The linker is called by itself: clang would run what it finds as wasm-opt on what it links. */
function clangCompiler(clang: string, linker: string, library: string | undefined): Compiler {
  const target = library === undefined ? ['--target=wasm32', `-I${LIBRARY_FOLDER}`] : ['--target=wasm32-wasi']
  const link = ['--no-entry', '--gc-sections', '--strip-all', '--stack-first', '-z', `stack-size=${STACK}`]
  const libraries = library === undefined ? [] : [`-L${library}`, '-lm', '-lc']
  return (main, output, flags) => [
    [clang, ...target, ...LANGUAGE, ...flags, '-c', main, '-o', `${output}.o`],
    [linker, ...link, `${output}.o`, ...libraries, '-o', output],
  ]
}

function emscriptenCompiler(emscripten: string, { bytes }: BuildRequest): Compiler {
  const memory = Math.ceil((bytes + STACK) / PAGE + 2) * PAGE
  // what the module imports is no symbol of Emscripten's own JavaScript, which is not used: tests hold what it imports
  const settings = [
    'ERROR_ON_UNDEFINED_SYMBOLS=0',
    'STANDALONE_WASM',
    `TOTAL_STACK=${STACK}`,
    `INITIAL_MEMORY=${memory}`,
    'ALLOW_MEMORY_GROWTH=0',
  ]
  return (main, output, flags) => [
    [emscripten, ...LANGUAGE, ...flags, main, '--no-entry', ...settings.flatMap((each) => ['-s', each]), '-o', output],
  ]
}

/** Why there is no compiler, and what to do. */
const noCompiler = (found: string): TargetError =>
  new TargetError(
    `there is no compiler for WebAssembly: ${found}`,
    'Install clang and lld (on Debian: apt install clang lld wasi-libc), or Emscripten, and see that they are on PATH.',
  )

async function chooseCompiler(request: BuildRequest, { clang, wasmLd, emscripten }: Tools): Promise<Compiler> {
  const problems: string[] = []
  if (clang === undefined) problems.push('clang is not on PATH')
  else if (wasmLd === undefined) problems.push('wasm-ld, the linker that comes with lld, is not on PATH')
  else if (!(await hasWasm(clang))) problems.push(`${clang} does not compile for wasm32`)
  else {
    const library = request.needsMath ? await libraryFolder(clang) : undefined
    if (!request.needsMath || library !== undefined) return clangCompiler(clang, wasmLd, library)
    problems.push('this network needs the math functions of wasi-libc, which clang does not find')
  }
  if (emscripten !== undefined) return emscriptenCompiler(emscripten, request)
  throw noCompiler([...problems, 'em++ is not on PATH'].join('; '))
}

/** Builds the plain module and the one with vectors. Throws a TargetError when there is no compiler, or when it fails. */
export async function buildModules(request: BuildRequest, tools: Tools): Promise<Modules> {
  const compiler = await chooseCompiler(request, tools)
  const folder = await mkdtemp(join(tmpdir(), 'eonc-wasm-'))
  const build = async (name: keyof Modules): Promise<Uint8Array> => {
    for (const [command, ...args] of compiler(request.main, `${name}.wasm`, LEVELS[name])) {
      await run(command, args, { cwd: folder, maxBuffer: 2 ** 26 }).catch((error: unknown) => {
        throw new TargetError(
          `${command} failed: ${messageOf(error, folder)}`,
          'Try another version of the compiler; if it persists, please report it.',
        )
      })
    }
    return readFile(join(folder, `${name}.wasm`))
  }
  try {
    for (const { path, contents } of request.files) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), contents)
    }
    const [plain, simd] = await Promise.all([build('plain'), build('simd')])
    return { plain, simd }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
