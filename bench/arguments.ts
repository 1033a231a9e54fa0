import { parseArgs } from 'node:util'
import type { CoreId } from '../test/support/cores.js'

/** What the command line asks for. */
export interface Arguments {
  readonly models: readonly string[]
  readonly cores: readonly CoreId[]
  /** All models on all cores. */
  readonly whole: boolean
  /** Layers beside their prototypes, in place of models. */
  readonly layers: boolean
  readonly json: boolean
  readonly write: boolean
  readonly help: boolean
}

/** A command line that cannot be followed; its message says why. */
export class UsageError extends Error {}

/**
 * Reads the command line, where all models and cores are those that may be named.
 * @throws UsageError
 */
export function readArguments(
  words: readonly string[],
  allModels: readonly string[],
  allCores: readonly CoreId[],
): Arguments {
  const { model, core, layers = false, json = false, write = false, help = false } = parse(words)
  if (layers && (model !== undefined || write)) throw new UsageError('--layers goes with --core and --json alone')
  const whole = model === undefined && core === undefined
  if (write && !whole) throw new UsageError('--write wants all models and cores')
  const models = chosen('model', model, allModels)
  return { models, cores: chosen('core', core, allCores), whole, layers, json, write, help }
}

function parse(words: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        model: { type: 'string', multiple: true },
        core: { type: 'string', multiple: true },
        layers: { type: 'boolean' },
        json: { type: 'boolean' },
        write: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    })
    return values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function chosen<Name extends string>(
  what: string,
  wanted: readonly string[] | undefined,
  all: readonly Name[],
): readonly Name[] {
  if (wanted === undefined) return all
  const unknown = wanted.filter((name) => !(all as readonly string[]).includes(name))
  if (unknown.length > 0) throw new UsageError(`no ${what} ${unknown.join(', ')}; there are ${all.join(', ')}`)
  return all.filter((name) => wanted.includes(name))
}
