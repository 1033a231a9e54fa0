import { ESLint } from 'eslint'
import t from 'tap'
import tseslint from 'typescript-eslint'
import { projectRoot } from './support/toolchain.js'

// The project's own configuration, less the rules that need types: the files looked at here exist in the test alone.
const eslint = new ESLint({ cwd: projectRoot, overrideConfig: [tseslint.configs.disableTypeChecked] })

/** Messages of the dependency rule for a file with this text at this path. */
async function problems(filePath: string, text: string): Promise<readonly string[]> {
  const [result] = await eslint.lintText(text, { filePath })
  const messages = result?.messages ?? []
  const fatal = messages.find((message) => message.fatal)
  if (fatal) throw new Error(`${filePath} cannot be parsed: ${fatal.message}`)
  return messages.filter(({ ruleId }) => ruleId === 'eonc/dependency-direction').map(({ message }) => message)
}

const forbidden: readonly (readonly [file: string, text: string, message: RegExp])[] = [
  ['src/ir/a.ts', "import { x } from '../ops/index.js'", /'ir' may not import 'ops' \(it may import: nothing\)/],
  ['src/ir/a.ts', "import type { x } from '../diagnostics.js'", /'ir' may not import 'src\/diagnostics.ts'/],
  ['src/tflite/a.ts', "import { x } from '../ops/index.js'", /'tflite' may not import 'ops'/],
  ['src/ops/a.ts', "import { x } from '../codegen/index.js'", /'ops' may not import 'codegen'/],
  ['src/ops/arithmetic/a.ts', "import { x } from '../../lower/program.js'", /'ops' may not import 'lower'/],
  ['src/passes/a.ts', "import { x } from '../tflite/index.js'", /'passes' may not import 'tflite'/],
  ['src/select/a.ts', "import { x } from '../schedule/index.js'", /'select' may not import 'schedule'/],
  ['src/schedule/a.ts', "export { x } from '../memory/index.js'", /'schedule' may not import 'memory'/],
  ['src/memory/a.ts', "export * from '../packing/index.js'", /'memory' may not import 'packing'/],
  ['src/packing/a.ts', "const x = await import('../lower/index.js')", /'packing' may not import 'lower'/],
  ['src/lower/a.ts', "type X = import('../codegen/index.js').X", /'lower' may not import 'codegen'/],
  ['src/codegen/a.ts', "import { x } from '../ops/index.js'", /'codegen' may not import 'ops'/],
  [
    'src/codegen/a.ts',
    "import { x } from '../../plugins/cmake/plugin.js'",
    /may not import 'plugins\/cmake\/plugin.ts'/,
  ],
  ['src/ops/a.ts', "import { x } from '../../test/support/a.js'", /'ops' may not import 'test\/support\/a.ts'/],
  ['src/stack/a.ts', "import { x } from '../codegen/index.js'", /'stack' may not import 'codegen'/],
  ['src/cli/a.ts', "import { x } from '../compile.js'", /'cli' may not import 'src\/compile.ts'/],
  ['src/novelty/a.ts', 'export const x = 1', /'novelty' has no line in tools\/eslint\/layers.js/],
  ['src/ops/a.ts', "import { x } from 'flatbuffers'", /Only tflite may import the package 'flatbuffers'/],
  ['src/index.ts', "import { x } from 'commander'", /Only cli may import the package 'commander'/],
  ['src/compile.ts', "import { x } from 'eonc'", /Only plugins may import the package 'eonc'/],
  ['plugins/cmake/plugin.ts', "import { x } from '../../src/index.js'", /only as the package 'eonc'/],
  ['plugins/index.ts', "import { x } from '../src/index.js'", /only as the package 'eonc'/],
  ['plugins/cmake/plugin.ts', "import { x } from '../arduino/plugin.js'", /only as the package 'eonc'/],
]

t.test('an import against the direction of the pipeline is an error', async (t) => {
  for (const [file, text, message] of forbidden) {
    const found = await problems(file, text)
    t.equal(found.length, 1, `${file}: ${text}`)
    t.match(found[0], message)
  }
})

const allowed: readonly (readonly [file: string, text: string])[] = [
  ['src/ir/a.ts', "import { x } from './tensor.js'"],
  ['src/tflite/a.ts', "import { x } from 'flatbuffers'\nimport { y } from '../ir/index.js'"],
  ['src/passes/a.ts', "import { x } from '../ops/index.js'\nimport { y } from 'node:util'"],
  ['src/lower/a.ts', "import { x } from '../select/index.js'\nimport { y } from '../packing/index.js'"],
  ['src/codegen/a.ts', "import { x } from '../lower/program.js'\nimport { render } from 'ejs'"],
  ['src/cli/commands/a.ts', "import { x } from '../../index.js'\nimport { Command } from 'commander'"],
  ['src/compile.ts', "import { x } from './codegen/index.js'\nimport { y } from '../plugins/cmake/plugin.js'"],
  ['plugins/cmake/plugin.ts', "import { x } from 'eonc/plugin'\nimport { y } from './layout.js'"],
  ['plugins/index.ts', "import { x } from './cmake/plugin.js'"],
  ['plugins/cmake/test/plugin.test.ts', "import { x } from '../../../test/support/toolchain.js'"],
  ['test/ops/a.test.ts', "import { x } from '../../src/ops/index.js'"],
]

t.test('an import along the direction of the pipeline is none', async (t) => {
  for (const [file, text] of allowed) t.same(await problems(file, text), [], `${file}: ${text}`)
})
