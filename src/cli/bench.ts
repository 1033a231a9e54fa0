import type { Command } from 'commander'
import { bench, type BenchFigures, CORTEX_M, type CortexM, type LayerFigures } from '../index.js'
import { addPlanOptions, type PlanArguments } from './plan-options.js'
import { withProgress } from './progress.js'
import { nameText, type Row, tableText } from './table.js'
import { colorsOf, grouped, printable, readModelFile, report } from './terminal.js'

interface Arguments extends Omit<PlanArguments, 'cpu'> {
  readonly cpu: CortexM
  readonly json?: boolean
  readonly flags?: string
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`

/** The columns of instructions: MACs, instructions, instructions for each MAC, share of the inference. */
const counts = (macs: number, instructions: number, whole: number): Row => [
  macs === 0 ? '' : grouped(macs),
  grouped(instructions),
  macs === 0 ? '' : (instructions / macs).toFixed(2),
  percent(instructions, whole),
]

function layersTable({ layers, instructions, otherInstructions }: BenchFigures): string {
  const macs = layers.reduce((sum, layer) => sum + layer.macs, 0)
  const row = (layer: LayerFigures): Row => [
    layer.index,
    layer.kind,
    nameText(layer.name),
    layer.kernels.join(', '),
    layer.pieces,
    ...counts(layer.macs, layer.instructions, instructions),
  ]
  const head = ['', 'operator', 'output', 'kernel', 'pieces', 'MACs', 'instructions', 'per MAC', 'share']
  return tableText(
    head,
    [
      ...layers.map(row),
      ['', 'between them', '', '', '', ...counts(0, otherInstructions, instructions)],
      ['', 'all', '', '', '', ...counts(macs, instructions, instructions)],
    ],
    { numbers: [0, 4, 5, 6, 7, 8] },
  )
}

function benchText(path: string, input: string, figures: BenchFigures): string {
  const { bold } = colorsOf(process.stdout)
  const { compiler, emulator, machine, cpu, kernels, sizes, layers } = figures
  const { context, otherRam, code, constants, rom } = sizes
  const more = otherRam > 0 ? `, ${grouped(otherRam)} of them outside of the context` : ''
  const pieces = layers.some((layer) => layer.pieces > 1)
    ? ['Pieces are rows or pixels that a cascade takes turns in.']
    : []
  return [
    `${bold(printable(path))}  ${cpu}, kernel set ${kernels}, input ${input}`,
    `${compiler}, ${emulator} -machine ${machine}`,
    '',
    layersTable(figures),
    '',
    ...pieces,
    'Instructions are those of one inference. They are no cycles: those depend on memory, pipeline and branches.',
    `RAM ${grouped(context + otherRam)} bytes, stack apart${more}`,
    `ROM ${grouped(rom)} bytes: ${grouped(code)} of code, ${grouped(constants)} of constants`,
    '',
  ].join('\n')
}

/** `eonc bench`. What only a toolchain and an emulator know is measured, and stands in no output of `eonc compile`. */
export function addBench(program: Command): void {
  const command = program
    .command('bench')
    .description('count the instructions of each layer, with arm-none-eabi-gcc and the emulator qemu-system-arm')
    .argument('<model>', 'a .tflite file')
    .option('--json', 'print everything as JSON')
    .option('--flags <flags>', 'flags of the compiler besides those of the processor, such as "-O3"')
  addPlanOptions(command, { all: CORTEX_M, usual: 'cortex-m4f' })
    .addHelpText('after', '\nExample: eonc bench kws.tflite --cpu cortex-m4f')
    .action(async (path: string, { json, flags = '', ...options }: Arguments) => {
      const words = flags.split(/\s+/).filter((word) => word !== '')
      const model = await readModelFile(path)
      const given = { flags: words, ...options }
      const result = await withProgress({ quiet: json }, (progress) => bench(model, { ...given, ...progress }))
      if (!result.ok) return report(result.diagnostics)
      const { ok: _, notices, ...figures } = result
      process.stdout.write(
        json === true ? `${JSON.stringify(figures, null, 2)}\n` : benchText(path, options.input, figures),
      )
      report(notices)
    })
}
