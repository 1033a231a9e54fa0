import { cType, type ModelFacts, type TensorFacts } from 'eonc/plugin'

/** Typed arrays of elements. */
const ARRAYS: Readonly<Record<string, string>> = {
  bool: 'Uint8Array',
  float32: 'Float32Array',
  int16: 'Int16Array',
  int32: 'Int32Array',
  int8: 'Int8Array',
  uint8: 'Uint8Array',
}

/** An input or output as `facts.js` has it. */
export interface TensorInfo {
  readonly name: string
  readonly type: string
  readonly shape: readonly number[]
  readonly elements: number
  readonly scale?: number
  readonly zeroPoint?: number
}

function tensorInfo({ name, type, shape, elements, quantization }: TensorFacts): TensorInfo {
  const [scale] = quantization?.scales ?? []
  const [zeroPoint = 0] = quantization?.zeroPoints ?? []
  const quantized = type !== 'float32' && scale !== undefined && quantization?.scales.length === 1
  return { name, type, shape, elements, ...(quantized && { scale, zeroPoint }) }
}

/** What the runtime has to know of a model. `prefix` begins the names of its exports. */
export function runtimeFacts(facts: ModelFacts, prefix: string): object {
  const { name, inputs, outputs, inputMode, units, compiler, modelHash, contextBytes, constantBytes, macs } = facts
  return {
    name,
    prefix,
    inputMode,
    ...(units !== undefined && { units }),
    inputs: inputs.map(tensorInfo),
    outputs: outputs.map(tensorInfo),
    labels: facts.labels,
    info: { compiler, modelHash, contextBytes, constantBytes, macs },
  }
}

/** The type of what can be given for an input. */
function inputType({ type }: TensorFacts): string {
  const array = ARRAYS[type] ?? 'Float32Array'
  return array === 'Float32Array' ? 'Values' : `${array} | Values`
}

/** `real = 0.5 * (element + 3)`. */
function scaleText({ type, quantization }: TensorFacts): string | undefined {
  const [scale] = quantization?.scales ?? []
  const [zeroPoint = 0] = quantization?.zeroPoints ?? []
  if (type === 'float32' || scale === undefined || quantization?.scales.length !== 1) return undefined
  return `real = ${scale} * (element ${zeroPoint < 0 ? '+' : '-'} ${Math.abs(zeroPoint)})`
}

const inputLine = (tensor: TensorFacts, index: number): string => {
  const { type, shape } = tensor
  const scale = scaleText(tensor)
  const name = JSON.stringify(tensor.name).replaceAll('*/', '* /')
  return `Input ${index}, ${name}: ${type} ${shape.join('x') || 'scalar'}${scale === undefined ? '' : `; ${scale}`}.`
}

const pascal = (name: string): string =>
  name
    .split('_')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('')

/** The parameter of `run`: one input by itself, several in a list, none at all. */
function runParameter({ inputs, inputMode, units }: ModelFacts, typePrefix: string): string {
  const types = inputs.map((input, index) =>
    inputMode === 'callback' && index === units?.input ? `${typePrefix}Source | ${inputType(input)}` : inputType(input),
  )
  if (types.length === 0) return 'inputs?: readonly []'
  return types.length === 1 ? `input: ${types[0] ?? ''}` : `inputs: readonly [${types.join(', ')}]`
}

/** What the templates print of a model, beside its facts. */
export function modelData(facts: ModelFacts, several: boolean) {
  const { name, inputs, outputs, units } = facts
  const typePrefix = several ? pascal(name) : ''
  const fed = units === undefined ? undefined : inputs[units.input]
  const others = inputs.filter((_, index) => index !== units?.input)
  return {
    ...facts,
    prefix: several ? `${name}_` : '',
    typePrefix,
    typeComment: `/** What an inference of ${name} gives. */\n`,
    outputTypes: outputs.map(({ type }) => ARRAYS[type] ?? 'Float32Array'),
    inputLines: inputs.map(inputLine),
    runParameter: runParameter(facts, typePrefix),
    unitType: fed === undefined ? '' : cType(fed.type),
    unitInputType: fed === undefined ? '' : inputType(fed),
    otherInputType: [...new Set(others.map(inputType))].join(' | '),
  }
}

/** How the README loads and runs the first model. */
export function exampleLines(models: readonly ReturnType<typeof modelData>[]): readonly string[] {
  const [model] = models
  if (model === undefined) return []
  const { name, inputs, inputMode, units } = model
  const loaded = models.length === 1 ? 'const model = await load()' : `const { ${name}: model } = await load()`
  const data = inputs.map((_, index) => (inputs.length === 1 ? 'input' : `input${index}`))
  const all = data.length === 1 ? (data[0] ?? '') : `[${data.join(', ')}]`
  const use = 'console.log(result.top(1), result.values)'
  if (inputMode !== 'stream' || units === undefined) return [loaded, `const result = model.run(${all})`, use]
  const others = data.flatMap((each, index) => (index === units.input ? [] : [`model.setInput(${index}, ${each})`]))
  return [
    loaded,
    ...others,
    'for await (const unit of source) {',
    '  const result = model.push(unit)',
    `  if (result !== undefined) ${use}`,
    '}',
  ]
}
