import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { emptyFolder } from '../../../test/support/folders.js'
import { ownModel } from '../../../test/support/vectors-header.js'
import { emitLibrary, runPython, skipWithoutPlatformio } from './platformio.js'

const skip = skipWithoutPlatformio()
const folder = await emptyFolder('platformio-manifest')

const MANIFEST = z.looseObject({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  keywords: z.array(z.string()),
  license: z.string(),
  frameworks: z.array(z.string()),
  platforms: z.array(z.string()),
  headers: z.array(z.string()),
  export: z.looseObject({ exclude: z.array(z.string()) }),
  examples: z.array(z.object({ name: z.string(), base: z.string(), files: z.array(z.string()) })),
})

const BUILD = z.object({ build: z.looseObject({ flags: z.array(z.string()) }) })

/** The flags that a library is built with. */
async function flagsOf(library: string): Promise<readonly string[]> {
  return BUILD.parse(JSON.parse(await readFile(join(library, 'library.json'), 'utf8'))).build.flags
}

/** A manifest as PlatformIO understands it. */
async function understood(path: string): Promise<z.infer<typeof MANIFEST>> {
  const { status, stdout, stderr } = await runPython('validate.py', [path])
  if (status !== 0) throw new Error(stderr)
  return MANIFEST.parse(JSON.parse(stdout))
}

t.test("library.json passes PlatformIO's schema, and says what there is", { skip }, async (t) => {
  const library = join(folder, 'keyword')
  await emitLibrary(ownModel('keyword_cnn2d_int8').path, 'keyword', library)
  const manifest = await understood(join(library, 'library.json'))
  t.equal(manifest.name, 'eonc_keyword')
  t.equal(manifest.version, '1.0.0')
  t.match(manifest.description, /keyword \([\d,]+ bytes of RAM, [\d,]+ bytes of constants\)/)
  t.ok(manifest.keywords.includes('tinyml'))
  t.equal(manifest.license, 'MIT-0')
  t.same(manifest.frameworks, ['*'])
  t.same(manifest.platforms, ['*'])
  for (const header of manifest.headers) await t.resolves(readFile(join(library, 'src', header)), header)
  t.same(manifest.headers, ['keyword.h'])
  t.same(await flagsOf(library), ['-ffunction-sections', '-fdata-sections', '-fno-exceptions'])
  t.equal(manifest.examples.length, 1)
  for (const { base, files } of manifest.examples) {
    for (const file of files) await t.resolves(readFile(join(library, base, file)), `${base}/${file}`)
  }
})

t.test('a model with floating-point functions links the math library', { skip }, async (t) => {
  const library = join(folder, 'regression')
  await emitLibrary(ownModel('regression_float32').path, 'regression', library)
  const text = await readFile(join(library, 'src/regression_kernels.h'), 'utf8')
  await t.resolves(understood(join(library, 'library.json')))
  t.equal((await flagsOf(library)).includes('-lm'), text.includes('#include <math.h>'))
})

t.test('the schema refuses what is wrong', { skip }, async (t) => {
  const text = await readFile(join(folder, 'keyword/library.json'), 'utf8')
  for (const [from, to] of [
    ['"MIT-0"', '"Mitt-0"'],
    ['"1.0.0"', '"first"'],
    ['"eonc_keyword"', '"a:b"'],
  ] as const) {
    const path = join(folder, 'library.json')
    await writeFile(path, text.replace(from, to))
    await t.rejects(understood(path), /ManifestValidationError/, to)
  }
})
