import type { Command } from 'commander'
import { inspect, type Inspection, type TensorSummary } from '../index.js'
import { removedLines } from './removed.js'
import { nameText, type Row, tableText } from './table.js'
import { colorsOf, grouped, printable, readModelFile, report, shapeText } from './terminal.js'

function quantizationText({ quantization }: TensorSummary): string {
  if (quantization === undefined || quantization.scales.length === 0) return ''
  const [scale = 0] = quantization.scales
  if (quantization.scales.length > 1) return `${quantization.scales.length} scales along ${quantization.dimension}`
  return `scale ${scale.toPrecision(6)}, zero point ${quantization.zeroPoints[0] ?? 0}`
}

function operatorTable({ operators, tensors }: Inspection): string {
  const rows = operators.map(({ index, kind, name, outputs, macs, weightBytes, supported }): Row => {
    const [output] = outputs.map((tensor) => tensors[tensor])
    const shape = output === undefined ? '' : `${output.type} ${shapeText(output.shape)}`
    const note = supported ? '' : 'not supported'
    return [index, printable(kind), shape, grouped(macs), grouped(weightBytes), note, nameText(name)]
  })
  return tableText(['#', 'operator', 'output', 'MACs', 'weights', '', 'name'], rows)
}

function tensorTable({ tensors }: Inspection): string {
  const rows = tensors.map((tensor): Row => {
    const constant = tensor.constantBytes > 0 ? grouped(tensor.constantBytes) : ''
    const { index, type, shape, name } = tensor
    return [index, type, shapeText(shape), constant, quantizationText(tensor), nameText(name)]
  })
  return tableText(['#', 'tensor', 'shape', 'constant', 'quantization', 'name'], rows)
}

function inspectionText(inspection: Inspection, path: string): string {
  const names = (indices: readonly number[]): string =>
    indices
      .map((index) => inspection.tensors[index])
      .map((tensor) =>
        tensor === undefined ? '' : `${tensor.type} ${shapeText(tensor.shape)} "${printable(tensor.name)}"`,
      )
      .join(', ')
  const { macs, weightBytes, fileBytes } = inspection
  return [
    `${colorsOf(process.stdout).bold(printable(path))}  ${printable(inspection.description)}`.trimEnd(),
    `inputs   ${names(inspection.inputs)}`,
    `outputs  ${names(inspection.outputs)}`,
    `total    ${grouped(macs)} MACs, ${grouped(weightBytes)} bytes of weights, ${grouped(fileBytes)} bytes of file`,
    '',
    operatorTable(inspection),
    '',
    ...(inspection.removed ? removedLines(inspection.removed) : []),
    tensorTable(inspection),
    '',
  ].join('\n')
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
      const { ok, ...inspection } = result
      const text = json === true ? `${JSON.stringify(inspection, null, 2)}\n` : inspectionText(inspection, path)
      process.stdout.write(text)
    })
}
