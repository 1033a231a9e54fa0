import type { Command } from 'commander'
import { type FunctionStack, modelNameOf, stackUse } from '../index.js'
import { addPlanOptions, type PlanArguments } from './plan-options.js'
import { withProgress } from './progress.js'
import { type Row, tableText } from './table.js'
import { colorsOf, grouped, MODEL_ERROR, printable, readModelFile, report } from './terminal.js'

interface Arguments extends PlanArguments {
  readonly json?: boolean
  readonly flags?: string
}

const pathText = ({ path, unbounded }: FunctionStack): string =>
  unbounded.length > 0
    ? unbounded.join('; ')
    : path.length === 1
      ? ''
      : path.map((each) => `${each.function} ${grouped(each.bytes)}`).join(' + ')

function stackTable(functions: readonly FunctionStack[]): string {
  const rows = functions.map((each): Row => {
    const { cpu, bytes, unbounded } = each
    return [cpu, each.function, unbounded.length > 0 ? 'no bound' : grouped(bytes), pathText(each)]
  })
  return tableText(['processor', 'function', 'bytes', 'at the deepest'], rows)
}

/** What is not in the figures: functions of the application. */
function callbackLines(functions: readonly FunctionStack[]): readonly string[] {
  const deepest = functions.flatMap(({ cpu, callbacks }) => {
    const bytes = callbacks.map((each) => each.bytes)
    return bytes.length === 0 ? [] : [`${grouped(Math.max(...bytes))} on ${cpu}`]
  })
  return deepest.length === 0
    ? []
    : ['', `Your own get_data is not counted. Where it is called, so many bytes are taken: ${deepest.join(', ')}.`]
}

/** `eonc stack`. What only a toolchain knows is measured, and stands in no output of `eonc compile`. */
export function addStack(program: Command): void {
  const command = program
    .command('stack')
    .description(
      'measure the worst case of the stack with arm-none-eabi-gcc: frames of the compiler, and the call graph',
    )
    .argument('<model>', 'a .tflite file')
    .option('--json', 'print everything as JSON')
    .option('--flags <flags>', 'flags of the compiler besides those of the processor, such as "-O3"')
  addPlanOptions(command)
    .addHelpText('after', '\nExample: eonc stack kws.tflite --cpu cortex-m4f')
    .action(async (path: string, { json, flags = '', ...options }: Arguments) => {
      const words = flags.split(/\s+/).filter((word) => word !== '')
      const model = await readModelFile(path)
      const given = { name: modelNameOf(path), flags: words, ...options }
      const result = await withProgress({ quiet: json }, (progress) => stackUse(model, { ...given, ...progress }))
      if (!result.ok) return report(result.diagnostics)
      const { compiler, functions, notices } = result
      if (functions.some(({ unbounded }) => unbounded.length > 0)) process.exitCode = MODEL_ERROR
      const head = [`${colorsOf(process.stdout).bold(printable(path))}  ${compiler}, input ${options.input}`, '']
      const text = [...head, stackTable(functions), ...callbackLines(functions), ''].join('\n')
      process.stdout.write(json === true ? `${JSON.stringify({ compiler, functions }, null, 2)}\n` : text)
      report(notices)
    })
}
