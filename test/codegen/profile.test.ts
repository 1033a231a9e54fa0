/** Hooks around operators: nothing when they are off, each piece of each operator when they are on. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { compileProgram, compileSources, type PlanOptions, type SourceOptions } from '../../src/compile.js'
import { callsOf, type Program } from '../../src/lower/index.js'
import { compileModels } from '../../src/index.js'
import { cores } from '../support/cores.js'
import { cppFlags } from '../support/firmware.js'
import { ownModels } from '../support/models.js'
import { writeModel } from '../support/model-writer.js'
import { Network } from '../support/network.js'
import { writeSources } from '../support/sources.js'
import { projectRoot, runOrThrow, skipWithout, strictWarnings } from '../support/toolchain.js'

const WORK = join(projectRoot, 'build/test/codegen/profile')
const OPTIONS: SourceOptions = { name: 'net', cpu: 'any', optimize: 'balanced', stripFloatIo: false }
const HOST = ['-std=c++11', '-O2', '-fno-exceptions', '-fno-rtti']

const keyword = await readFile(ownModels().find(({ name }) => name === 'keyword_cnn2d_int8')?.path ?? '')

/** Two inputs side by side, then a convolution: the first operator has two kernel calls. */
function joining(): Uint8Array {
  const net = new Network()
  const inputs = [net.input([1, 6, 5, 2]), net.input([1, 6, 5, 3])]
  const options = { axis: 3 }
  const joined = net.operator({ kind: 'CONCATENATION', version: 2, inputs, options }, [1, 6, 5, 5])
  return writeModel(net.model([net.conv(joined, { outputs: 3, kernel: 3, padding: 'SAME' })]))
}

/** The same file without any trace of hooks. */
function withoutHooks(text: string): string {
  return text
    .replace(/(?:\/\* Around each .*\n)?^#ifdef EONC_PROFILE\n[^]*?^#endif\n/gm, '')
    .replace(/^ +NET_(?:BEGIN|END)\(\d+\);\n/gm, '')
}

/** The object files of sources, compiled under the same names. */
async function objects(
  files: readonly { readonly path: string; readonly contents: string }[],
  folder: string,
  [compiler = '', ...flags]: readonly string[],
): Promise<readonly Buffer[]> {
  await writeSources(folder, files)
  const sources = files.map(({ path }) => path).filter((path) => path.endsWith('.cpp'))
  const made = sources.map(async (path) => {
    await runOrThrow(compiler, [...flags, '-c', path, '-o', `${path}.o`], { cwd: folder })
    return readFile(join(folder, `${path}.o`))
  })
  return Promise.all(made)
}

for (const command of [
  ['g++', ...HOST],
  ['clang++', ...HOST],
  ['arm-none-eabi-g++', ...cppFlags(cores['cortex-m4f'], '-Os').filter((flag) => flag !== '-g')],
]) {
  const [compiler = ''] = command
  t.test(`hooks that are off leave no byte, by ${compiler}`, { skip: skipWithout(compiler) }, async (t) => {
    for (const input of ['resident', 'stream'] as const) {
      const { files } = compileSources(keyword, { ...OPTIONS, input }).sources
      const bare = files.map((file) => ({ ...file, contents: withoutHooks(file.contents) }))
      t.ok(files.some(({ contents }) => /^ +NET_BEGIN\(\d+\);$/m.test(contents)))
      t.notMatch(bare.map(({ contents }) => contents).join('\n'), /EONC_PROFILE|NET_BEGIN|NET_END/)
      const folder = join(WORK, compiler, input)
      const [off, none] = [await objects(files, folder, command), await objects(bare, folder, command)]
      t.ok(off.length >= 1)
      off.forEach((object, i) => t.ok(none[i]?.equals(object), `${input}: object file ${i}`))
      const on = await objects(files, folder, [...command, '-DEONC_PROFILE', ...strictWarnings])
      t.notOk(
        off.every((object, i) => on[i]?.equals(object)),
        'with them it is another',
      )
    }
  })
}

/** How often each operator runs in an inference, by its index in the model file. */
function pieces({ stages }: Program): readonly (readonly [index: number, count: number])[] {
  const counts = stages.flatMap((stage) =>
    stage.kind === 'layer'
      ? stage.calls.map(({ operator }) => [operator.index, 1] as const)
      : stage.units.flatMap((calls, unit) =>
          calls.slice(0, 1).map(({ operator }) => [operator.index, stage.pieces[unit] ?? 0] as const),
        ),
  )
  return [...new Map(counts)]
}

/** A program in C that runs a network and prints how often each operator ran; it fails if hooks are not in pairs. */
const counter = (run: string): string => `#include <stdio.h>
#include "net.h"
static net_context context;
static int counts[99], running = -1, wrong;
void net_profile_begin(int place) { wrong |= running != -1; running = place; ++counts[place]; }
void net_profile_end(int place) { wrong |= running != place; running = -1; }
int main(void) {
  ${run}
  for (int i = 0; i < net_operator_count; ++i) {
    const net_operator *each = &net_operators[i];
    printf("%d|%d|%s|%s|%s\\n", counts[i], each->index, each->kind, each->output, each->kernel);
  }
  return wrong;
}
`

const RUNS: Readonly<Record<string, string>> = {
  resident: 'wrong |= net_invoke(&context) != net_ok;',
  stream: `static int8_t unit[NET_UNIT_ELEMENTS];
  for (int i = 0; i < NET_UNITS; ++i) wrong |= net_push(&context, unit, 1) == net_error_argument;`,
}

async function countOnHost(model: Uint8Array, options: Partial<PlanOptions>, folder: string): Promise<string> {
  const { files } = compileSources(model, { ...OPTIONS, ...options }).sources
  await writeSources(folder, files)
  await writeFile(join(folder, 'main.c'), counter(RUNS[options.input ?? 'resident'] ?? ''))
  const common = ['-DEONC_PROFILE', ...strictWarnings]
  await runOrThrow('gcc', ['-std=c99', ...common, '-c', 'main.c', '-o', 'main.o'], { cwd: folder })
  const sources = files.map(({ path }) => path).filter((path) => path.endsWith('.cpp'))
  await runOrThrow('g++', [...HOST, ...common, ...sources, 'main.o', '-o', 'program', '-lm'], { cwd: folder })
  return (await runOrThrow(join(folder, 'program'), [])).stdout
}

t.test('each piece of each operator is counted', { skip: skipWithout('gcc', 'g++') }, async (t) => {
  for (const [what, model, options] of [
    ['cascades of rows', keyword, {}],
    ['cascades of pixels', keyword, { ram: 'pixel' }],
    ['an input that is pushed', keyword, { input: 'stream' }],
    ['several kernel calls of an operator', joining(), {}],
  ] as const) {
    const [program] = compileProgram(model, { ...OPTIONS, ...options }).variants.slice(-1)
    if (program === undefined) return t.fail('a program')
    const stdout = await countOnHost(model, options, join(WORK, what.replaceAll(' ', '-')))
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => line.split('|'))
    const found = lines.map(([count, index]) => [Number(index), Number(count)])
    t.same(found, pieces(program), what)
    t.ok(found.length > 1 && found.some(([, count = 0]) => count > 1 || what.startsWith('several')), what)
    const kinds = callsOf(program).map(({ operator }) => `${operator.index} ${operator.kind}`)
    t.same(
      lines.map(([, index, kind]) => `${index} ${kind}`),
      [...new Set(kinds)],
      'and named',
    )
    t.ok(lines.every(([, , , output = '', kernel = '']) => output !== '' && /^eonc_\w+$/.test(kernel)))
  }
})

t.test('networks of one library have hooks of their own', { skip: skipWithout('g++') }, async (t) => {
  const models = ['first', 'second'].map((name) => ({ name, model: keyword }))
  const result = await compileModels(models, { name: 'both', target: 'cmake', shareArena: true })
  if (!result.ok) return t.fail('it compiles')
  const sources = result.files.filter(({ role }) => role !== undefined)
  const flat = sources.map((file) => ({ ...file, path: file.path.replace(/.*\//, '') }))
  const folder = await writeSources(join(WORK, 'library'), flat)
  await runOrThrow('g++', [...HOST, ...strictWarnings, '-DEONC_PROFILE', '-c', 'both.cpp', '-o', 'both.o'], {
    cwd: folder,
  })
  const { stdout } = await runOrThrow('nm', ['--undefined-only', 'both.o'], { cwd: folder })
  const hooks = [...stdout.matchAll(/U (\w+_profile_\w+)/g)].map(([, name]) => name).sort()
  t.same(hooks, ['first_profile_begin', 'first_profile_end', 'second_profile_begin', 'second_profile_end'])
})
