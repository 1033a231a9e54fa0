import { readdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { MAX_MODEL_BYTES, verify } from '../index.js'
import { addPlugins } from './target-options.js'
import { colorsOf, printable, readModelFile, report } from './terminal.js'

interface Arguments {
  readonly model?: readonly string[]
  readonly oracle?: boolean
  readonly plugin?: readonly string[]
}

/** The model files in the current folder, beside the output and within it: the one that is meant is told by its hash. */
async function modelsNearby(output: string): Promise<readonly string[]> {
  const folders = new Set([process.cwd(), resolve('models'), dirname(resolve(output)), resolve(output)])
  const lists = [...folders].map(async (folder) =>
    (await readdir(folder).catch(() => [])).filter((name) => /\.tflite$/i.test(name)).map((name) => join(folder, name)),
  )
  const paths = (await Promise.all(lists)).flat().sort()
  const sizes = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ size, mode }) => ({ size, mode }),
        () => undefined,
      ),
    ),
  )
  return paths.filter((_, index) => (sizes[index]?.size ?? Infinity) <= MAX_MODEL_BYTES)
}

/** `eonc verify`. */
export function addVerify(program: Command): void {
  const command = program
    .command('verify')
    .description('build an output for this machine, and compare what it computes with the reference semantics')
    .argument('<folder>', 'an output of eonc compile')
    .option(
      '--model <file>',
      'a model that it was compiled from (repeatable; default: found by its hash in the current folder, ./models, and beside the output)',
      (path: string, before: readonly string[] | undefined) => [...(before ?? []), path],
    )
    .option('--oracle', 'compare with TensorFlow Lite Micro too: python3, or EONC_PYTHON, has tflite-micro')
  addPlugins(command)
    .addHelpText('after', '\nExample: eonc verify kws --model kws.tflite')
    .action(async (folder: string, { model, oracle = false, plugin = [] }: Arguments) => {
      const paths = model ?? (await modelsNearby(folder))
      const models = await Promise.all(paths.map(readModelFile))
      const oraclePython = oracle ? { oraclePython: process.env['EONC_PYTHON'] ?? 'python3' } : {}
      const log = (message: string): void => void process.stderr.write(`${printable(message)}\n`)
      const result = await verify(folder, { models, plugins: plugin, log, ...oraclePython })
      if (!result.ok) return report(result.diagnostics)
      const { green } = colorsOf(process.stdout)
      for (const { name, inferences, equalTo, hasFloats } of result.models) {
        const how = hasFloats ? 'floats within 1e-5 of the largest' : 'byte for byte'
        process.stdout.write(
          `${name} ${green('is right')}: ${inferences} inferences equal to ${equalTo.join(' and ')}, ${how}\n`,
        )
      }
    })
}
