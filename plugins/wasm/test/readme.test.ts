/** The code in the README of a package, and in the one of the target, runs as it stands there. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { eonc, tinyModel } from '../../../test/cli/command.js'
import { emptyFolder } from '../../../test/support/folders.js'
import { activation } from '../../../test/support/layers.js'
import { codeBlocks } from '../../../test/support/code-blocks.js'
import { writeModel } from '../../../test/support/model-writer.js'
import { projectRoot, runOrThrow, skipWithout } from '../../../test/support/toolchain.js'
import { installPackages, TOOLS } from './wasm-package.js'

const skip = skipWithout(...TOOLS, 'npm')
const WORK = await emptyFolder('wasm-readme')

const sum = writeModel({
  tensors: [activation('a', [1, 4], 0.5, 3), activation('b', [1, 4], 0.25, -1), activation('y', [1, 4], 1, 0)],
  operators: [{ kind: 'ADD', inputs: [0, 1], outputs: [2], options: {} }],
  inputs: [0, 1],
  outputs: [2],
})
const TINY = join(WORK, 'tiny.tflite')
const SUM = join(WORK, 'sum.tflite')
await writeFile(TINY, tinyModel)
await writeFile(SUM, sum)

/** What the reader has of their own. */
const OWN = `
const input = Int8Array.of(1, 2, 3, 4)
const input0 = input, input1 = Int8Array.of(5, 6, 7, 8)
const source = Array.from(input, (element) => Int8Array.of(element))
`
const MODES = ['resident', 'preserve', 'stream', 'callback'] as const
const PACKAGES = MODES.flatMap((mode) => [
  { name: `tiny-${mode}`, args: [TINY, '--input', mode], outputs: 3 },
  { name: `sum-${mode}`, args: [SUM, '--input', mode], outputs: 4 },
  { name: `both-${mode}`, args: [`a=${TINY}`, `b=${SUM}`, '--name', 'both', '--input', mode], outputs: 3 },
  {
    name: `shared-${mode}`,
    args: [`a=${TINY}`, `b=${SUM}`, '--name', 'shared', '--share-arena', '--input', mode],
    outputs: 3,
  },
])

/** Runs code of a README as a module of a project; gives what it prints. */
async function runCode(code: string, file: string): Promise<string> {
  await writeFile(join(WORK, 'project', file), OWN + code)
  const { stdout } = await runOrThrow(process.execPath, [file], {
    cwd: join(WORK, 'project'),
    env: { NODE_OPTIONS: undefined },
  })
  return stdout
}

t.test(
  'the code in the README of a package runs, in all input modes, for one model and for several',
  { skip },
  async (t) => {
    for (const { name, args } of PACKAGES) {
      const command = ['compile', ...args, '--target', 'wasm', '--package', name, '--out', join(WORK, name)]
      const { status, stderr } = await eonc(command)
      t.equal(status, 0, stderr)
    }
    const folders = PACKAGES.map(({ name }) => join(WORK, name))
    await installPackages(folders, join(WORK, 'project'))
    for (const { name, outputs } of PACKAGES) {
      const blocks = codeBlocks(await readFile(join(WORK, name, 'README.md'), 'utf8'), 'js')
      t.equal(blocks.length, 1, name)
      t.match(
        await runCode(blocks.join(''), `${name}.js`),
        new RegExp(`index: \\d[^]*Float32Array\\(${outputs}\\) \\[`),
        name,
      )
    }
  },
)

t.test('the code in the README of the target runs', { skip }, async (t) => {
  const [code = ''] = codeBlocks(await readFile(join(projectRoot, 'plugins/wasm/README.md'), 'utf8'), 'js')
  t.match(code, "from 'kws'")
  const printed = await runCode(code.replace("'kws'", "'tiny-resident'"), 'target.js')
  t.match(printed, /(index: \d[^]*){3}Float32Array\(3\)/)
})
