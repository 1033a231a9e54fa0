/** What `npm pack` gives, installed in an empty folder far from the repository. Nothing is fetched from the network. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { version } from '../src/index.js'
import { environment, eonc as builtCommand, tinyModel } from './cli/command.js'
import { emptyFolder } from './support/folders.js'
import { projectRoot, runOrThrow } from './support/toolchain.js'

const LOCK = z.object({ packages: z.record(z.string(), z.object({ dev: z.boolean().optional() })) })
const PACKED = z.tuple([
  z.object({ filename: z.string(), size: z.number(), files: z.array(z.object({ path: z.string() })) }),
])

const offline = {
  env: { ...environment, npm_config_offline: 'true', npm_config_audit: 'false', npm_config_update_notifier: 'false' },
}

/** Packs what the last build gave; scripts would build anew below the feet of other tests. */
const [packed, tarball] = await pack(await emptyFolder('package'))

async function pack(folder: string): Promise<readonly [z.infer<typeof PACKED>[0], string]> {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]
  const { stdout } = await runOrThrow('npm', args, { cwd: projectRoot, ...offline })
  const [description] = PACKED.parse(JSON.parse(stdout))
  return [description, join(folder, description.filename)]
}

/** Copies what the lock file has besides development dependencies: npm would fetch the same. */
async function copyDependencies(folder: string): Promise<void> {
  const lock = LOCK.parse(JSON.parse(await readFile(join(projectRoot, 'package-lock.json'), 'utf8')))
  for (const [path, { dev }] of Object.entries(lock.packages)) {
    if (path !== '' && dev !== true) await cp(join(projectRoot, path), join(folder, path), { recursive: true })
  }
}

t.test('the tarball holds the product, and nothing else', async (t) => {
  const paths = packed.files.map(({ path }) => path)
  t.same(
    paths.filter((path) => !path.startsWith('dist/')).sort(),
    [
      'CHANGELOG.md',
      'LICENSE',
      'OPERATORS.md',
      'README.md',
      'arduino/README.md',
      ...['Accelerometer', 'Microphone'].flatMap((name) =>
        [`${name}.ino`, 'features.cpp', 'features.h', 'sensor.cpp', 'sensor.h'].map(
          (file) => `arduino/examples/${name}/${file}`,
        ),
      ),
      ...['Camera.ino', 'sensor.cpp', 'sensor.h'].map((file) => `arduino/examples/Camera/${file}`),
      'cmake/eonc.cmake',
      'cmake/eoncConfig.cmake',
      'cmake/eoncConfigVersion.cmake',
      'cmake/eoncSources.cmake',
      'package.json',
      'platformio/README.md',
      'platformio/eonc.py',
      'schemas/eonc.schema.json',
    ].sort(),
  )
  t.same(
    new Set(paths.filter((path) => path.startsWith('dist/')).map((path) => path.split('/')[1])),
    new Set(['src', 'plugins']),
  )
  t.same(
    paths.filter((path) => /test|\.tflite$|\.map$|(?<!\.d)\.ts$/.test(path)),
    [],
  )
  for (const needed of [
    'dist/src/kernels/LICENSE',
    'dist/src/kernels/conv_2d/portable.h',
    'dist/src/codegen/templates/model.h.ejs',
  ]) {
    t.ok(paths.includes(needed), needed)
  }
  for (const path of paths.filter((path) => path.endsWith('.js'))) {
    t.notMatch(await readFile(join(projectRoot, path), 'utf8'), 'sourceMappingURL', path)
  }
  t.ok(packed.size < 2 ** 20, `${packed.size} bytes`)
})

t.test('installed in an empty folder it compiles a model, by the command and as a library', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'eonc-'))
  t.teardown(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  await writeFile(join(folder, 'tiny.tflite'), tinyModel)
  await copyDependencies(folder)
  await runOrThrow('npm', ['install', '--ignore-scripts', tarball], { cwd: folder, ...offline })

  const eonc = (...args: readonly string[]) =>
    runOrThrow(join(folder, 'node_modules/.bin/eonc'), args, { cwd: folder, env: environment })
  t.equal((await eonc('--version')).stdout, `${version}\n`)
  t.match((await eonc('inspect', 'tiny.tflite')).stdout, /FULLY_CONNECTED/)
  await eonc('compile', 'tiny.tflite', '--target', 'cmake', '--out', 'out')
  await builtCommand(['compile', 'tiny.tflite', '--target', 'cmake', '--out', 'expected'], { cwd: folder })
  for (const path of ['README.md', 'CMakeLists.txt', 'src/tiny.h', 'src/tiny.cpp', 'example/main.cpp']) {
    const [found, expected] = [join(folder, 'out', path), join(folder, 'expected', path)]
    t.equal(await readFile(found, 'utf8'), await readFile(expected, 'utf8'), path)
  }

  await writeFile(join(folder, 'program.ts'), PROGRAM)
  // types of Node.js, as every user of TypeScript there has them
  for (const name of ['@types/node', 'undici-types']) {
    await cp(join(projectRoot, 'node_modules', name), join(folder, 'node_modules', name), { recursive: true })
  }
  const flags = [
    '--strict',
    '--exactOptionalPropertyTypes',
    '--skipLibCheck',
    'false',
    '--target',
    'es2022',
    '--module',
    'nodenext',
  ]
  await runOrThrow(join(projectRoot, 'node_modules/.bin/tsc'), [...flags, 'program.ts'], { cwd: folder })
  const { stdout } = await runOrThrow(process.execPath, ['program.js'], { cwd: folder })
  t.match(
    stdout,
    /^own\.h own_cmsis_nn\w*\.cpp own\.cpp own_kernels\.h own_kernels\.S own_cmsis_nn\w*_weights\.h own_weights\.h LICENSE README\.md eonc\.json\n1 FULLY_CONNECTED\n0 findings\n$/,
  )
})

/** Uses the library with a target of its own. */
const PROGRAM = `
import { readFile } from 'node:fs/promises'
import { check, compile, type CompileResult, inspect } from 'eonc'
import { PLUGIN_API_VERSION, type Target } from 'eonc/plugin'

const target: Target = {
  apiVersion: PLUGIN_API_VERSION,
  name: 'own',
  description: 'the sources alone',
  tools: [],
  emit: ({ files }) => Promise.resolve(files),
}
const model = await readFile('tiny.tflite')
const result: CompileResult = await compile(model, { name: 'own', target, cpu: 'cortex-m4f' })
if (result.ok) console.log(result.files.map(({ path }) => path).join(' '))
const inspection = inspect(model)
if (inspection.ok) console.log(inspection.operators.length, inspection.operators[0]?.kind)
console.log(check(model).length, 'findings')
`
