import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Cpu, CPUS, type Goal, GOALS, type Granularity, GRANULARITIES } from '../index.js'
import { INPUT_MODES, type InputMode, ROM_SIZES, type RomSize } from '../index.js'

/** Options of all commands that plan a model. */
export interface PlanArguments {
  readonly cpu: Cpu
  readonly optimize: Goal
  readonly ram: Granularity
  readonly rom?: RomSize
  readonly input: InputMode
  readonly streamInput?: string
  readonly stripFloatIo?: boolean
  readonly maxRam?: number
  readonly maxRom?: number
}

const KIB = 1024

/** A number of bytes as users write it: `16384`, or `16k` for KiB. */
function bytesArgument(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+)(k?)$/i.exec(text) ?? []
  const bytes = digits === '' ? 0 : Number(digits) * (unit === '' ? 1 : KIB)
  if (bytes > 0 && Number.isSafeInteger(bytes)) return bytes
  throw new InvalidArgumentError('It is no number of bytes, such as 16384 or 16k.')
}

/** Adds the options of all commands that plan a model. `cpus` are the processors to choose from, and the usual one. */
export function addPlanOptions(
  command: Command,
  cpus: { readonly all: readonly string[]; readonly usual: string } = { all: CPUS, usual: 'any' },
): Command {
  return command
    .addOption(new Option('--cpu <cpu>', 'processor to choose kernels for').choices(cpus.all).default(cpus.usual))
    .addOption(new Option('--optimize <goal>', 'what to choose kernels for').choices(GOALS).default('balanced'))
    .addOption(new Option('--ram <granularity>', 'how finely cascades are cut').choices(GRANULARITIES).default('row'))
    .addOption(
      new Option(
        '--rom <weights>',
        'how weights lie in ROM; small is slower (default: normal, or as --max-rom needs)',
      ).choices(ROM_SIZES),
    )
    .addOption(new Option('--input <mode>', 'how the inputs come').choices(INPUT_MODES).default('resident'))
    .option('--stream-input <name>', 'input that comes piece by piece (default: the first)')
    .option('--strip-float-io', 'leave conversions from and to float at the inputs and outputs to the application')
    .option('--max-ram <bytes>', 'most RAM that the context may take, such as 16384 or 16k', bytesArgument)
    .option('--max-rom <bytes>', 'most ROM that constants may take, code apart', bytesArgument)
}
