import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import { type ModelFacts, PLUGIN_API_VERSION, type SourceSet, type Target } from '../../src/plugin.js'

/** A target that gives the sources as they are, in some ways another. */
export function target(different: Partial<Target> = {}): Target {
  return {
    apiVersion: PLUGIN_API_VERSION,
    name: 'own',
    description: 'the sources alone',
    emit: ({ files }) => Promise.resolve(files),
    ...different,
  }
}

const operators = [{ name: 'op0', index: 0, kind: 'CONV_2D', kernel: 'eonc_conv_2d_s8' }]

const facts: ModelFacts = {
  name: 'net',
  compiler: '1.2.3',
  modelHash: createHash('sha256').digest('hex'),
  description: '',
  inputs: [{ name: 'x', type: 'int8', shape: [1, 4], elements: 4, bytes: 4 }],
  labels: [],
  outputs: [{ name: 'y', type: 'float32', shape: [2], elements: 2, bytes: 8 }],
  contextBytes: 12,
  inputMode: 'resident',
  constantBytes: 345,
  macs: 67,
  kernelSets: [{ name: 'portable', contextBytes: 12, constantBytes: 345, operators }],
  operators,
  needsMath: false,
}

/** Sources of one model; their text does not matter. */
export const sources: SourceSet = {
  name: 'net',
  compiler: '1.2.3',
  files: [
    { path: 'net.h', contents: 'header', role: 'public-header' },
    { path: 'net.cpp', contents: 'source', role: 'source' },
  ],
  models: [facts],
}

/** A new folder with these files, far from the repository and its packages; removed after the test. */
export async function foreignFolder(t: Test, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'eonc-plugin-test-'))
  t.teardown(() => rm(folder, { recursive: true }))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return folder
}

/** A module of a plugin that imports nothing; its target has this name. */
export const pluginModule = (name: string): string => `
export const target = ({ PLUGIN_API_VERSION, z }) => ({
  apiVersion: PLUGIN_API_VERSION,
  name: '${name}',
  description: 'the sources in a folder',
  options: z.object({
    folder: z.string().default('.').describe('folder of the sources'),
    page: z.boolean().default(false).describe('add a page'),
    comments: z.boolean().default(true).describe('leave comments out'),
    level: z.enum(['low', 'high']).optional().describe('how much'),
    copies: z.int().min(1).default(1).describe('how many'),
    tag: z.array(z.string()).default([]).describe('a word about it'),
  }),
  emit: async ({ files }, { folder, ...others }) => [
    ...files.map((file) => ({ ...file, path: folder + '/' + file.path })),
    { path: 'options.json', contents: JSON.stringify(others) },
  ],
})
`
