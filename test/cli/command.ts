import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { emptyFolder } from '../support/folders.js'
import { activation, bias, chain, weights } from '../support/layers.js'
import { writeModel } from '../support/model-writer.js'
import { Network } from '../support/network.js'
import { projectRoot, run, type RunOptions, type RunResult } from '../support/toolchain.js'

/** The built command, as `eonc` on PATH would start it. */
export const COMMAND: readonly string[] = [process.execPath, join(projectRoot, 'dist/src/cli/main.js')]

/** A user's environment: without what the test runner would load into every Node.js process. */
export const environment = { NODE_OPTIONS: undefined }

/** Runs `eonc` as a user does. */
export function eonc(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [node = '', ...command] = COMMAND
  return run(node, [...command, ...args], { ...options, env: { ...environment, ...options.env } })
}

const denseLayer = { kind: 'FULLY_CONNECTED', version: 4, inputs: [0, 1, 2], outputs: [3], options: {} } as const

/** A dense layer of 4 inputs and 3 outputs. */
export const tinyModel: Uint8Array = writeModel({
  ...chain(
    [
      activation('features', [1, 4]),
      weights('weights', [3, 4]),
      bias('bias', [5, -7, 9]),
      activation('scores', [1, 3]),
    ],
    [denseLayer],
  ),
  description: 'a model for tests',
})

const float = (name: string, shape: readonly number[]) => ({ name, type: 'float32', shape }) as const

/** Float activations with int8 weights, in two layers. */
const hybridModel = writeModel({
  tensors: [
    float('features', [1, 4]),
    weights('weights', [3, 4]),
    float('hidden', [1, 3]),
    weights('more weights', [2, 3]),
    float('scores', [1, 2]),
  ],
  operators: [
    { ...denseLayer, inputs: [0, 1, -1], outputs: [2] },
    { ...denseLayer, inputs: [2, 3, -1], outputs: [4] },
  ],
  inputs: [0],
  outputs: [4],
})

/** A model that can be compiled, with tensor names that would command a terminal. */
const namedModel = writeModel(
  chain(
    [activation('x\u001b[2J', [1, 4]), weights('w', [3, 4]), bias('b', [5, -7, 9]), activation('y\u009b31m\r', [1, 3])],
    [denseLayer],
  ),
)

/** Three operators that eonc does not have, and tensor names that would command a terminal. */
const strangeModel = writeModel({
  tensors: ['x\u001b[2J', 'y\u009b31m', 'z\r', 'last'].map((name) => activation(name, [1, 4])),
  operators: [
    { kind: 'ELU', inputs: [0], outputs: [1] },
    { kind: 'CUSTOM', customCode: 'MyOperator', inputs: [1], outputs: [2] },
    { kind: 'COS', inputs: [2], outputs: [3] },
  ],
  inputs: [0],
  outputs: [3],
})

/** Two convolutions: of four channels between them, one never changes, and nothing reads another. */
function wastefulModel(): Uint8Array {
  const net = new Network()
  const hidden = net.conv(net.input([1, 4, 4, 3]), { outputs: 4, bias: [40, -1_000_000, 9, -20], activation: 'RELU' })
  const weight = (output: number, input: number): number => (input === 2 ? 0 : output + input + 1)
  return writeModel(net.model([net.conv(hidden, { outputs: 2, kernel: 3, padding: 'SAME', weight })]))
}

/** A new folder with models, and with files that are none, for the command to be run in. */
export async function folderOfModels(name: string): Promise<string> {
  const folder = await emptyFolder(name)
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'tiny.tflite': tinyModel,
    'hybrid.tflite': hybridModel,
    'strange.tflite': strangeModel,
    'named.tflite': namedModel,
    'wasteful.tflite': wastefulModel(),
    'truncated.tflite': tinyModel.subarray(0, tinyModel.length / 2),
    'empty.tflite': '',
    'text.tflite': 'This is no model.\n',
  }
  for (const [name, contents] of Object.entries(files)) await writeFile(join(folder, name), contents)
  await mkdir(join(folder, 'folder'))
  return folder
}
