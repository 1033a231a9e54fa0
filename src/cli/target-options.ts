import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { findTarget, type TargetOption, type TargetSummary } from '../index.js'
import { printable, UserError } from './terminal.js'

/** Which target a command line names, and where it is to be looked for. */
export interface TargetArguments {
  readonly target: string
  readonly plugin?: readonly string[]
}

const PLUGIN = new Option(
  '--plugin <path>',
  'load a target: a file, a folder, or an npm package (repeatable)',
).argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value])

/** Adds the option that plugins are loaded with. */
export const addPlugins = (command: Command): Command => command.addOption(PLUGIN)

/** The option of a target as one of the command. */
function commandOption(option: TargetOption, target: string): Option {
  const { flag, type, list, choices = [], description, required, default: fallback } = option
  const isFlag = type === 'boolean' && !list
  const added = new Option(isFlag ? flag : `${flag} <${choices.length > 0 ? 'choice' : type}>`)
  const parse = (text: string): unknown => {
    const value = type === 'number' && text.trim() !== '' ? Number(text) : type === 'boolean' ? text === 'true' : text
    if (type === 'number' && !Number.isFinite(value)) throw new InvalidArgumentError('It is no number.')
    if (type === 'boolean' && !/^(true|false)$/.test(text)) throw new InvalidArgumentError('It is true or false.')
    if (choices.length > 0 && !choices.includes(text))
      throw new InvalidArgumentError(`It is one of ${choices.join(', ')}.`)
    return value
  }
  if (list) added.argParser((text: string, before: readonly unknown[] | undefined) => [...(before ?? []), parse(text)])
  else if (!isFlag) added.argParser(parse)
  // the schema fills defaults in: here they are for the reader
  const notes = [
    choices.length > 0 && `choices: ${choices.map((choice) => JSON.stringify(choice)).join(', ')}`,
    fallback !== undefined && !isFlag && `default: ${JSON.stringify(fallback)}`,
    list && 'repeatable',
  ].filter((note) => note !== false)
  added.description = printable([description, ...(notes.length > 0 ? [`(${notes.join(', ')})`] : [])].join(' '))
  return added.makeOptionMandatory(required).helpGroup(`Options of ${target}:`)
}

/** What a command line says of the target, before it can be parsed as a whole: nothing where it cannot be told. */
function namedIn(command: Command, args: readonly string[]): Partial<TargetArguments> {
  const reader = new Command().exitOverride().configureOutput({ writeErr: () => undefined })
  for (const { flags, long } of command.options) reader.addOption(long === PLUGIN.long ? PLUGIN : new Option(flags))
  try {
    reader.parseOptions([...args])
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
  }
  return reader.opts()
}

/**
 * Adds the options of the target that the arguments of a command name; gives that target. Where there is none, the
 * command takes all options, for its action to say what is wrong with the target.
 */
export async function addOptionsOfTarget(
  command: Command,
  args: readonly string[],
): Promise<TargetSummary | undefined> {
  const { target: name, plugin } = namedIn(command, args)
  if (name === undefined) return undefined
  const found = await findTarget(name, plugin)
  if (!found.ok) {
    command.allowUnknownOption().allowExcessArguments()
    return undefined
  }
  const options = found.target.options.map((option) => commandOption(option, name))
  const taken = options.find((option) => command.options.some(({ long }) => long === option.long))
  if (taken !== undefined) {
    const help = 'The author of the plugin can rename it.'
    throw new UserError(`the target ${name} cannot be used: its option ${taken.long ?? ''} is one of eonc. ${help}`)
  }
  for (const option of options) command.addOption(option)
  return found.target
}

/** The values of a target's own options among those that were parsed. */
export function valuesOf(target: TargetSummary | undefined, values: object): Readonly<Record<string, unknown>> {
  const names = new Set(target?.options.map(({ name }) => name))
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)))
}
