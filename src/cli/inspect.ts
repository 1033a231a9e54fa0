import Table from 'cli-table3'
import type { Command } from 'commander'
import { inspect, type Inspection, type TensorSummary } from '../index.js'
import { colorsOf, grouped, readModelFile, report } from './terminal.js'

const shapeText = (shape: readonly number[]): string => (shape.length === 0 ? 'scalar' : shape.join('x'))

function quantizationText({ quantization }: TensorSummary): string {
  if (quantization === undefined || quantization.scales.length === 0) return ''
  const [scale = 0] = quantization.scales
  if (quantization.scales.length > 1) return `${quantization.scales.length} scales along ${quantization.dimension}`
  return `scale ${scale.toPrecision(6)}, zero point ${quantization.zeroPoints[0] ?? 0}`
}

/** Columns that fit a terminal, without lines, so that the text can be searched and cut. */
function table(head: readonly string[]): Table.Table {
  const blank = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '', left: '', right: '', top: '', bottom: '' }
  const edges = {
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
  }
  const { bold } = colorsOf(process.stdout)
  return new Table({
    head: head.map((title) => bold(title)),
    chars: { ...blank, ...edges, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  })
}

function operatorTable({ operators, tensors }: Inspection): string {
  const rows = table(['#', 'operator', 'name', 'output', 'MACs', 'weights', ''])
  for (const { index, kind, name, outputs, macs, weightBytes, supported } of operators) {
    const [output] = outputs.map((tensor) => tensors[tensor])
    const shape = output === undefined ? '' : `${output.type} ${shapeText(output.shape)}`
    rows.push([index, kind, name, shape, grouped(macs), grouped(weightBytes), supported ? '' : 'not supported'])
  }
  return rows.toString()
}

function tensorTable({ tensors }: Inspection): string {
  const rows = table(['#', 'tensor', 'type', 'shape', 'constant', 'quantization'])
  for (const tensor of tensors) {
    const constant = tensor.constantBytes > 0 ? grouped(tensor.constantBytes) : ''
    rows.push([tensor.index, tensor.name, tensor.type, shapeText(tensor.shape), constant, quantizationText(tensor)])
  }
  return rows.toString()
}

function print(inspection: Inspection, path: string): void {
  const { bold } = colorsOf(process.stdout)
  const names = (indices: readonly number[]): string =>
    indices
      .map((index) => inspection.tensors[index])
      .map((tensor) => (tensor === undefined ? '' : `${tensor.type} ${shapeText(tensor.shape)} "${tensor.name}"`))
      .join(', ')
  const text = [
    `${bold(path)}  ${inspection.description}`,
    `inputs   ${names(inspection.inputs)}`,
    `outputs  ${names(inspection.outputs)}`,
    `total    ${grouped(inspection.macs)} MACs, ${grouped(inspection.weightBytes)} bytes of weights, ${grouped(inspection.fileBytes)} bytes of file`,
    '',
    operatorTable(inspection),
    '',
    tensorTable(inspection),
    '',
  ].join('\n')
  // names are anybody's: control characters would reach the terminal
  process.stdout.write(text.replace(/[\x00-\x09\x0b-\x1a\x1c-\x1f\x7f]/g, '?'))
}

/** `eonc inspect`. */
export function addInspect(program: Command): void {
  program
    .command('inspect')
    .description('show operators, tensors, shapes, quantization, multiply-accumulates and weights of a model')
    .argument('<model>', 'a .tflite file')
    .option('--json', 'print everything as JSON')
    .action(async (path: string, { json }: { readonly json?: boolean }) => {
      const result = inspect(await readModelFile(path))
      if (!result.ok) return report(result.diagnostics)
      if (json !== true) return print(result, path)
      const { ok, ...inspection } = result
      process.stdout.write(`${JSON.stringify(inspection, null, 2)}\n`)
    })
}
