import t from 'tap'
import { DiagnosticsError } from '../../src/ir/index.js'
import { CORTEX_M, type FunctionStack, measureStack } from '../../src/stack/index.js'
import { skipWithout } from '../support/toolchain.js'

const skip = skipWithout('arm-none-eabi-gcc', 'arm-none-eabi-objdump')

/** The stack of function `f` of this C++ on all processors. */
async function measured(contents: string, ...flags: readonly string[]): Promise<readonly FunctionStack[]> {
  const source = { path: 'f.cpp', contents: `#include <stdint.h>\n#include <string.h>\n${contents}` }
  const { functions } = await measureStack({ sources: [source], functions: ['f'], flags })
  t.same(
    functions.map(({ cpu }) => cpu),
    CORTEX_M,
  )
  return functions
}

t.test('frames of the compiler are found, small and large, optimized or not', { skip }, async (t) => {
  for (const size of [64, 1000, 5000])
    for (const flags of [[], ['-O0'], ['-O3']]) {
      const functions = await measured(
        `static void __attribute__((noinline)) fill(volatile char *p) { for (int i = 0; i < ${size}; ++i) p[i] = 1; }
         extern "C" void f() { volatile char block[${size}]; fill(block); }`,
        ...flags,
      )
      for (const { cpu, bytes, unbounded } of functions) {
        t.ok(bytes >= size && bytes < size + 64, `${size} bytes ${flags.join()} on ${cpu}: ${bytes}`)
        t.same(unbounded, [])
      }
    }
})

t.test('library functions count', { skip }, async (t) => {
  const functions = await measured('extern "C" int64_t f(int64_t a, int64_t b) { return a / b + 1; }')
  for (const { cpu, path, bytes, unbounded } of functions) {
    t.ok(path.length > 1 && bytes > 16, `${cpu}: ${JSON.stringify(path)}`)
    t.equal(
      path.reduce((sum, each) => sum + each.bytes, 0),
      bytes,
    )
    t.same(unbounded, [])
  }
})

t.test('recursion and sizes of run time have no bound', { skip }, async (t) => {
  const recursive = await measured('extern "C" int f(int n) { return n < 2 ? 1 : f(n - 1) + f(n - 2); }')
  for (const { cpu, unbounded } of recursive) t.match(unbounded, ['recursion: f calls f'], cpu)
  const dynamic = await measured(
    `extern "C" __attribute__((noipa)) void g(volatile char *p) { p[0] = 1; }
     extern "C" void f(int n) { g((char *)__builtin_alloca(n)); }`,
  )
  for (const { cpu, unbounded } of dynamic) t.match(unbounded[0], /^f takes stack by a size/, cpu)
})

t.test('a function of the application is told apart', { skip }, async (t) => {
  const functions = await measured(
    'extern "C" int f(int (*get)(char *)) { char block[100]; int status = get(block); return status + block[5]; }',
  )
  for (const { callbacks } of functions) {
    t.equal(callbacks.length, 1)
    t.ok((callbacks[0]?.bytes ?? 0) >= 100)
  }
})

t.test('a large switch is followed', { skip }, async (t) => {
  const cases = Array.from({ length: 12 }, (_, i) => `case ${i}: g${i === 7 ? '' : 'g'}(p + ${i}); break;`).join('\n')
  const functions = await measured(
    `extern "C" __attribute__((noinline)) void gg(char *p) { p[0] = 1; }
     extern "C" __attribute__((noinline)) void g(char *p) { volatile char block[200]; block[p[0] & 127] = 1; p[0] = block[3]; }
     extern "C" void f(char *p, int n) { switch (n) { ${cases} } gg(p); }`,
    '-fno-jump-tables',
  )
  const withTables = await measured(
    `extern "C" __attribute__((noinline)) void gg(char *p) { p[0] = 1; }
     extern "C" __attribute__((noinline)) void g(char *p) { volatile char block[200]; block[p[0] & 127] = 1; p[0] = block[3]; }
     extern "C" void f(char *p, int n) { switch (n) { ${cases} } gg(p); }`,
  )
  for (const { cpu, bytes, unbounded } of [...functions, ...withTables]) {
    t.ok(bytes >= 200 && bytes < 240, `${cpu}: ${bytes}`)
    t.same(unbounded, [])
  }
})

/** What stands against measuring. */
async function found(...args: Parameters<typeof measured>): Promise<string | undefined> {
  try {
    await measured(...args)
    return undefined
  } catch (error) {
    if (error instanceof DiagnosticsError) return error.diagnostics.map((each) => `${each.code} ${each.found}`).join()
    throw error
  }
}

t.test('code that does not compile, and flags that put compiling off, are findings', { skip }, async (t) => {
  t.match(await found('extern "C" void f() { nothing(); }'), /^TOOL_FAILED .*error: 'nothing' was not declared/)
  t.match(await found('extern "C" void nothing(); extern "C" void f() { nothing(); }'), /undefined reference/)
  t.equal(await found('extern "C" void f() {}', '-flto'), 'TOOL_FAILED no call graph (.ci file)')
})
