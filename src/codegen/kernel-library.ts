import { existsSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { InternalError } from '../ir/index.js'

const KERNELS = new URL('../kernels/', import.meta.url)

/** An include for one kind of processor. */
const GUARDED_INCLUDE = /^#ifdef \w+\n#include <[^>]+>\n#endif\n/gm

/** One file of `src/kernels`, without its includes. */
export interface KernelFile {
  /** Path within `src/kernels`, such as `conv_2d/portable.h`. */
  readonly path: string
  readonly code: string
}

/** Kernel files in an order in which each comes after those that it includes. */
export interface KernelBundle {
  readonly files: readonly KernelFile[]
  /** Assembler files of the same names, in the same order. */
  readonly assembly: readonly KernelFile[]
  /** Standard C headers that they include, such as `stdint.h`. */
  readonly systemHeaders: readonly string[]
  /** Includes for some processors alone, each with its `#ifdef` and `#endif`. */
  readonly guardedIncludes: readonly string[]
}

/** A member of a parameter struct; one that is a struct itself has members of its own. */
export interface StructMember {
  readonly name: string
  readonly type: string
  readonly members?: readonly StructMember[]
}

/** The given kernel files and everything that they include, each once. */
export function bundleKernels(paths: readonly string[]): KernelBundle {
  const files = new Map<string, KernelFile>()
  const systemHeaders = new Set<string>()
  const guardedIncludes = new Set<string>()
  const visiting = new Set<string>()
  const visit = (path: string): void => {
    if (files.has(path)) return
    if (visiting.has(path)) throw new InternalError(`kernel file ${path} includes itself`)
    visiting.add(path)
    const text = readFileSync(new URL(path, KERNELS), 'utf8')
    for (const [include] of text.matchAll(GUARDED_INCLUDE)) guardedIncludes.add(include.trim())
    const lines = text.replace(GUARDED_INCLUDE, '').split('\n')
    for (const line of lines) {
      const [, system, local] = /^#include (?:<([^>]+)>|"([^"]+)")/.exec(line) ?? []
      if (system !== undefined) systemHeaders.add(system)
      if (local !== undefined) visit(posix.join(posix.dirname(path), local))
    }
    const code = lines
      .filter((line) => !/^#include |^#pragma once/.test(line))
      .join('\n')
      .trim()
    files.set(path, { path, code })
  }
  ;[...paths].sort().forEach(visit)
  return {
    files: [...files.values()],
    assembly: [...files.keys()].flatMap(assemblyOf),
    systemHeaders: [...systemHeaders].sort(),
    guardedIncludes: [...guardedIncludes].sort(),
  }
}

/** What stands beside a kernel file in assembler: what C++ cannot say, as it needs all registers. */
function assemblyOf(header: string): readonly KernelFile[] {
  const path = header.replace(/\.h$/, '.S')
  const location = new URL(path, KERNELS)
  if (!existsSync(location)) return []
  const code = readFileSync(location, 'utf8')
    .replace(/^#include .*\n/gm, '')
    .trim()
  return [{ path, code }]
}

/** Members of a struct of the bundle, in the order of its definition: C++ is where parameters are laid out. */
export function structMembers(bundle: KernelBundle, name: string): readonly StructMember[] {
  const pattern = new RegExp(`(?<!>\\n)^struct ${name} \\{\\n([^}]*)\\};`, 'm')
  const alias = bundle.files
    .map(({ code }) => new RegExp(`^using ${name} = (\\w+);`, 'm').exec(code)?.[1])
    .find(Boolean)
  if (alias !== undefined) return structMembers(bundle, alias)
  const body = bundle.files.map(({ code }) => pattern.exec(code)?.[1]).find((found) => found !== undefined)
  if (body === undefined) throw new InternalError(`no struct ${name} in the kernels`)
  return [...body.matchAll(/^ +([\w <>]+?[ *]+)(\w+);/gm)].map(([, type = '', member = '']) => {
    const plain = type.trim()
    return /^eonc_\w+$/.test(plain)
      ? { name: member, type: plain, members: structMembers(bundle, plain) }
      : { name: member, type: plain }
  })
}
