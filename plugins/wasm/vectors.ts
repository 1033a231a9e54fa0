import type { SourceFile } from 'eonc/plugin'
import { existsSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'

/*
 * Puts the kernels of the set `wasm_simd128` in the place of the portable ones, whose parameters and weights they share.
 * Needed as long as the compiler makes no program for this kernel set.
 */

const KERNELS = new URL('../../src/kernels/', import.meta.url)

const read = (path: string): string => readFileSync(new URL(path, KERNELS), 'utf8')

/** Kernel files that a generated header holds, such as `conv_2d/portable.h`. */
const filesIn = (header: string): readonly string[] =>
  [...header.matchAll(/^\/\* ---- (\S+) ---- \*\/$/gm)].flatMap(([, path]) => path ?? [])

/** A kernel file after those that it includes; `done` are those that are there already. */
function withIncludes(path: string, done: Set<string>): readonly string[] {
  if (done.has(path)) return []
  done.add(path)
  const includes = [...read(path).matchAll(/^#include "([^"]+)"/gm)].map(([, include = '']) =>
    posix.join(posix.dirname(path), include),
  )
  return [...includes.flatMap((include) => withIncludes(include, done)), path]
}

const codeOf = (path: string): string =>
  read(path)
    .split('\n')
    .filter((line) => !/^#include |^#pragma once/.test(line))
    .join('\n')

/** Each function `eonc_x_wasm_simd128_row` takes the place of `eonc_x_row`. */
const replacements = (code: string): readonly string[] =>
  [...code.matchAll(/^static inline void (eonc_\w+?)_wasm_simd128(_row|_pixel|_accumulate|)\(/gm)].map(
    ([, kernel = '', form = '']) => `#define ${kernel}${form} ${kernel}_wasm_simd128${form}`,
  )

/** A header to include behind those with the kernels of all models. */
export function vectorKernels(files: readonly SourceFile[]): string {
  const headers = files.filter(({ path }) => path.endsWith('_kernels.h')).map(({ contents }) => contents)
  const present = new Set(headers.flatMap(filesIn))
  const namespace = /^namespace (\w+) \{$/m.exec(headers.join('\n'))?.[1]
  const wanted = [...present]
    .map((path) => path.replace(/portable((?:_accumulate)?\.h)$/, 'wasm_simd128$1'))
    .filter((path) => path.includes('/wasm_simd128') && existsSync(new URL(path, KERNELS)))
  const code = wanted.flatMap((path) => withIncludes(path, present)).map(codeOf)
  if (namespace === undefined || code.length === 0) return ''
  return [
    '#if defined(__wasm_simd128__)',
    '#include <wasm_simd128.h>',
    `namespace ${namespace} {`,
    ...code,
    `} /* namespace ${namespace} */`,
    ...code.flatMap(replacements),
    '#endif',
    '',
  ].join('\n')
}
