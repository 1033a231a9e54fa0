import { elementBytes } from '../ir/index.js'
import type { Program, ProgramFeed } from '../lower/index.js'
import { rowOf } from './calls.js'
import { cType } from './cpp.js'

/** Bytes of a pointer on the processors that outputs are for. */
const POINTER_BYTES = 4

const roundUp = (bytes: number, alignment: number): number => Math.ceil(bytes / alignment) * alignment

/** Operators of the cascade that takes an input as it comes; 0 when none does. */
function unitsOfFirst({ feed, stages }: Program): number {
  const [first] = stages
  return feed?.cascaded === true && first?.kind === 'cascade' ? first.units.length : 0
}

/** Bytes of what a context keeps of a stream beside the arena: where the cascade stands, or how many pieces have come. */
export function streamStateBytes(program: Program): number {
  if (program.feed?.mode !== 'stream') return 0
  const units = unitsOfFirst(program)
  return units > 0 ? roundUp(2 * units + 4, 4) : 4
}

/** Bytes of the arena within the context: pointers behind it must not leave a gap. */
export function arenaBytes({ arenaBytes: bytes, feed }: Program): number {
  return feed?.mode === 'callback' ? roundUp(bytes, 8) : bytes
}

/** `sizeof` the context on a 32-bit processor: all the RAM that the model needs, stack apart. */
export function contextBytes(program: Program): number {
  const pointers = program.feed?.mode === 'callback' ? 2 * POINTER_BYTES : 0
  return roundUp(arenaBytes(program) + streamStateBytes(program) + pointers, program.arenaAlignment)
}

/** What templates print of an input that comes piece by piece. */
export function feedFacts(program: Program, { input, target, units, unitElements, cascaded }: ProgramFeed): object {
  const { type } = target
  const [first] = program.stages
  return {
    cType: cType(type),
    units,
    unitElements,
    unitBytes: unitElements * (elementBytes(type) ?? 1),
    elements: units * unitElements,
    index: input,
    // how many have come, where the piece that is next goes, and where all of them go
    received: cascaded ? 'context->row[0]' : 'context->received',
    next: rowOf(target, cascaded ? 'row[0]' : 'context->received'),
    whole: rowOf({ type, placement: target.placement }, '0'),
    cascade: cascaded && first?.kind === 'cascade' ? first.name : '',
    unitsOfCascade: unitsOfFirst(program),
  }
}
