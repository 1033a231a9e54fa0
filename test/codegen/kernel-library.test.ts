import { readFileSync } from 'node:fs'
import { globSync } from 'glob'
import t from 'tap'
import { bundleKernels, structMembers } from '../../src/codegen/kernel-library.js'
import { projectRoot } from '../support/toolchain.js'

const files = globSync('**/*.h', { cwd: `${projectRoot}/src/kernels`, posix: true }).sort()

t.test('an include comes before what includes it, once', (t) => {
  const { files: bundle, systemHeaders } = bundleKernels(['depthwise_conv_2d/portable.h', 'conv_2d/portable.h'])
  const paths = bundle.map(({ path }) => path)
  t.ok(paths.indexOf('common/window.h') < paths.indexOf('conv_2d/portable.h'))
  t.equal(new Set(paths).size, paths.length)
  t.ok(systemHeaders.includes('stdint.h'))
  t.ok(bundle.every(({ code }) => !code.includes('#include')))
  t.end()
})

t.test('an include for one processor keeps its condition, and stands before all kernels', (t) => {
  const { files: bundle, guardedIncludes, systemHeaders } = bundleKernels(['common/rom.h'])
  t.same(guardedIncludes, ['#ifdef __AVR__\n#include <avr/pgmspace.h>\n#endif'])
  t.same(systemHeaders, ['stdint.h'])
  t.match(bundle[0]?.code, /\n#ifdef __AVR__\nstatic inline/)
  t.end()
})

t.test('members are those of the definition, in its order, nested ones too', (t) => {
  const members = structMembers(bundleKernels(['average_pool_2d/portable.h']), 'eonc_average_pool_2d_s8_params')
  t.match(
    members.map(({ name }) => name),
    ['window', 'clamp_min', 'clamp_max'],
  )
  t.equal(members[0]?.members?.[0]?.name, 'batches')
  t.end()
})

t.test('every struct of parameters is understood member by member', (t) => {
  let structs = 0
  for (const path of files) {
    const text = readFileSync(`${projectRoot}/src/kernels/${path}`, 'utf8')
    for (const [, name = '', body = ''] of text.matchAll(/^struct (eonc_\w+_params) \{\n([^}]*)\};/gm)) {
      structs += 1
      const members = structMembers(bundleKernels([path]), name)
      t.equal(members.length, body.replace(/\/\*.*?\*\//gs, '').match(/;/g)?.length, `${name} of ${path}`)
    }
  }
  t.ok(structs >= 15)
  t.end()
})

t.test('integer kernels need no math library, and no kernel more than C headers', (t) => {
  for (const path of files) {
    const { systemHeaders } = bundleKernels([path])
    const integer = path.endsWith('portable.h') || path.startsWith('common/integer') || path.includes('simd128')
    const allowed = [
      ...(integer ? ['stdint.h', 'string.h'] : ['float.h', 'stdint.h', 'string.h', 'math.h']),
      ...(path.includes('wasm_simd128') ? ['wasm_simd128.h'] : []),
    ]
    t.same(
      systemHeaders.filter((header) => !allowed.includes(header)),
      [],
      path,
    )
  }
  t.end()
})
