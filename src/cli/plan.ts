import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { type MemoryMap, memoryMapSvg, type OperatorReport, plan, type PlanReport, type StepReport } from '../index.js'
import { addPlanOptions, type PlanArguments } from './plan-options.js'
import { packedLines } from './packed.js'
import { withProgress } from './progress.js'
import { removedLines } from './removed.js'
import { nameText, type Row, tableText } from './table.js'
import { colorsOf, grouped, printable, readModelFile, report, UserError } from './terminal.js'

interface Arguments extends PlanArguments {
  readonly json?: boolean
  readonly svg?: string
}

const operatorText = ({ index, kind }: OperatorReport): string => printable(index < 0 ? kind : `${index} ${kind}`)

function operatorAt({ stages }: PlanReport, { stage, operator }: StepReport): OperatorReport | undefined {
  return stages[stage]?.operators.find(({ index }) => index === operator)
}

/** The operator of a step; `otherwise` where there is no step. */
function stepText(planned: PlanReport, step: StepReport | undefined, otherwise: string): string {
  const operator = step && operatorAt(planned, step)
  return operator === undefined ? otherwise : operatorText(operator)
}

/** What is alive at the worst moment, largest first. */
function peakTable({ peak, buffers }: PlanReport): string {
  const rows = peak.buffers.map(({ buffer, bytes }): Row => {
    const { kind = '', name = '' } = buffers[buffer] ?? {}
    return [grouped(bytes), `${Math.round((100 * bytes) / Math.max(1, peak.bytes))} %`, kind, nameText(name)]
  })
  return tableText(['at the peak', 'share', 'buffer', 'name'], rows)
}

/** How the output of an operator is kept. */
function keptText({ ring, accumulatorBytes, lanes }: OperatorReport): string {
  if (lanes !== undefined) return `in place, by channel, ${grouped(lanes.delay)} behind`
  const rows =
    ring === undefined
      ? 'whole'
      : `${ring.pieces} of ${grouped(ring.ofPieces)} ${ring.unit}s, ${grouped(ring.bytes)} bytes`
  return accumulatorBytes === undefined ? rows : `${rows}, ${grouped(accumulatorBytes)} bytes of accumulators`
}

function stageTable({ stages }: PlanReport): string {
  const rows = stages.flatMap(({ kind, operators, bytes }, stage) =>
    operators.map((operator, i): Row => {
      const first = i === 0 ? [stage, kind, grouped(bytes)] : ['', '', '']
      const { constantBytes, name } = operator
      return [...first, operatorText(operator), keptText(operator), grouped(constantBytes), nameText(name)]
    }),
  )
  return tableText(['stage', '', 'RAM', 'operator', 'output kept', 'constants', 'name'], rows)
}

function bufferTable(planned: PlanReport): string {
  const rows = planned.buffers.map(({ offset, bytes, kind, from, to, name, tensors }): Row => {
    const others = tensors.length > 1 ? ` and ${tensors.length - 1} more in place` : ''
    const [first, last] = [stepText(planned, from, 'before'), stepText(planned, to, 'after')]
    return [grouped(offset), grouped(bytes), kind, first, last, `${nameText(name)}${others}`]
  })
  return tableText(['offset', 'bytes', 'buffer', 'from', 'to', 'name'], rows)
}

function planText(planned: PlanReport, path: string): string {
  const { input, kernels, contextBytes, arenaBytes, lowerBound, constantBytes, peak } = planned
  return [
    colorsOf(process.stdout).bold(printable(path)),
    `RAM        ${grouped(contextBytes)} bytes of context, stack apart (input ${input}, kernels ${kernels})`,
    `arena      ${grouped(arenaBytes)} bytes; no layout of this schedule can be smaller than ${grouped(lowerBound)}`,
    `constants  ${grouped(constantBytes)} bytes of ROM, code apart`,
    `peak       ${grouped(peak.bytes)} bytes alive at ${stepText(planned, peak.during, 'the ends of an inference')}`,
    '',
    peakTable(planned),
    '',
    stageTable(planned),
    '',
    ...removedLines(planned.removed),
    ...packedLines(planned),
    bufferTable(planned),
    '',
  ].join('\n')
}

/** The name of a drawing, which is none of a model that it would replace. */
function svgArgument(path: string): string {
  if (!/\.svg$/i.test(path)) throw new InvalidArgumentError('It does not end in .svg.')
  return path
}

async function writeMap(map: MemoryMap, model: string, path: string): Promise<void> {
  try {
    await writeFile(path, memoryMapSvg(map, basename(model)))
  } catch (error) {
    throw new UserError(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** `eonc plan`. A plan that is over budget is shown as well: what to change is seen in it. */
export function addPlan(program: Command): void {
  const command = program
    .command('plan')
    .description('show what RAM a model needs and why: stages, buffers, the peak and what dominates it')
    .argument('<model>', 'a .tflite file')
    .option('--json', 'print everything as JSON')
    .option('--svg <file>', 'write a map of the memory over time', svgArgument)
  addPlanOptions(command)
    .addHelpText('after', '\nExample: eonc plan kws.tflite --svg kws.svg')
    .action(async (path: string, { json, svg, ...options }: Arguments) => {
      const model = await readModelFile(path)
      const result = await withProgress({ quiet: json }, (progress) => plan(model, { ...options, ...progress }))
      const { report: planned, map } = result
      if (map !== undefined && svg !== undefined) await writeMap(map, path, svg)
      if (planned !== undefined)
        process.stdout.write(json === true ? `${JSON.stringify(planned, null, 2)}\n` : planText(planned, path))
      report(result.ok ? result.notices : result.diagnostics)
    })
}
