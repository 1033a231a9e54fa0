import { readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { cType, renderTemplate } from '../codegen/index.js'
import { type Diagnostic, DiagnosticsError, type ElementType } from '../ir/index.js'
import type { Manifest } from '../manifest.js'
import type { RunOutputs, RunRequest } from '../plugin.js'
import { findTool } from '../targets/index.js'
import { runProgram } from './run-program.js'

const TEMPLATE = new URL('templates/harness.cpp.ejs', import.meta.url)

/** What C++ compilers are called; a user chooses by the environment variable `CXX`. */
const COMPILERS = ['g++', 'clang++', 'c++']

function error(code: Diagnostic['code'], rule: string, found: string, help: string): DiagnosticsError {
  return new DiagnosticsError([{ severity: 'error', code, rule, found, help }])
}

/** The C++ compiler of this machine, and flags that come with it. */
function compilerOf(): readonly [command: string, flags: readonly string[]] {
  const [chosen, ...flags] = (process.env['CXX'] ?? '').split(' ').filter((word) => word !== '')
  const names = chosen === undefined ? COMPILERS : [chosen]
  const path = names.map((name) => (name.includes('/') ? name : findTool(name))).find((found) => found !== undefined)
  if (path !== undefined) return [path, flags]
  throw error(
    'MISSING_TOOL',
    'To verify an output takes a C++ compiler for this machine',
    `${names.join(', ')}: not on PATH`,
    'Install GCC or Clang, such as `apt install g++`, or name a compiler in the environment variable CXX.',
  )
}

/** The program that runs all models of an output, in turns. */
function harnessText(folder: string, { name, sharedArena, files }: Manifest, requests: readonly RunRequest[]): string {
  const header = (model: string): string => {
    const found = files.find(({ path, role }) => role === 'public-header' && basename(path) === `${model}.h`)
    if (found !== undefined) return join(folder, found.path)
    throw error(
      'BAD_OUTPUT',
      'The manifest of an output says which files are its sources',
      `no header ${model}.h`,
      'Ask the author of the target to keep the roles of the generated files.',
    )
  }
  return renderTemplate(TEMPLATE, {
    name,
    headers: requests.map(({ model }) => header(model.name)),
    arena: sharedArena?.type ?? '',
    shared: sharedArena === undefined ? '' : '&arena.memory, ',
    sharedLast: sharedArena === undefined ? '' : ', &arena.memory',
    rounds: requests[0]?.vectors.length ?? 0,
    models: requests.map(({ model: { name, inputs, outputs, inputMode, units } }) => ({
      name,
      mode: inputMode,
      inputs: inputs.map(({ bytes }) => bytes),
      outputs: outputs.map(({ bytes }) => bytes),
      fed: units && {
        index: units.input,
        units: units.count,
        unitElements: units.elements,
        elements: units.count * units.elements,
        type: cType(inputs[units.input]?.type ?? ('int8' satisfies ElementType)),
      },
    })),
  })
}

async function build(folder: string, manifest: Manifest, workDir: string): Promise<string> {
  const [compiler, chosen] = compilerOf()
  const program = join(workDir, process.platform === 'win32' ? 'harness.exe' : 'harness')
  const roles = manifest.files.filter(({ role }) => role !== undefined)
  const sources = roles.filter(({ role }) => role === 'source').map(({ path }) => join(folder, path))
  const includes = [...new Set(roles.map(({ path }) => dirname(join(folder, path))))].map((path) => `-I${path}`)
  const args = [
    '-std=c++11',
    '-O2',
    ...chosen,
    ...includes,
    join(workDir, 'harness.cpp'),
    ...sources,
    '-lm',
    '-o',
    program,
  ]
  const { status, stdout, stderr } = await runProgram(compiler, args)
  if (status === 0) return program
  const found = `${stderr}${stdout}`.split('\n').find((line) => /error|undefined/.test(line)) ?? `status ${status}`
  throw error(
    'VERIFY_FAILED',
    'The sources of an output compile on this machine',
    found.replaceAll(workDir, '').trim(),
    'Compile the model anew; if it stays, report it with the hash of the model.',
  )
}

/** Compiles the sources of an output for this machine and runs all its models, in turns. Throws a DiagnosticsError. */
export async function runOnHost(
  folder: string,
  manifest: Manifest,
  requests: readonly RunRequest[],
  workDir: string,
): Promise<readonly RunOutputs[]> {
  const rounds = requests[0]?.vectors.map((_, round) => round) ?? []
  await writeFile(join(workDir, 'harness.cpp'), harnessText(resolve(folder), manifest, requests))
  const inputs = rounds.flatMap((round) => requests.flatMap(({ vectors }) => vectors[round] ?? []))
  await writeFile(join(workDir, 'inputs'), Buffer.concat(inputs))
  const program = await build(resolve(folder), manifest, workDir)
  const { status, stderr } = await runProgram(program, [join(workDir, 'inputs'), join(workDir, 'outputs')])
  if (status !== 0) {
    const rule = 'An output runs on this machine'
    throw error(
      'VERIFY_FAILED',
      rule,
      `${stderr.trim() || 'it ended'} (status ${status})`,
      'Report it with the hash of the model.',
    )
  }
  const data = await readFile(join(workDir, 'outputs'))
  let at = 0
  const all = rounds.map(() =>
    requests.map(({ model }) => model.outputs.map(({ bytes }) => new Uint8Array(data.subarray(at, (at += bytes))))),
  )
  return requests.map((_, index) => all.map((round) => round[index] ?? []))
}
