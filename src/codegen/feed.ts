import { elementBytes } from '../ir/index.js'
import type { CascadeStage, Program, ProgramFeed } from '../lower/index.js'
import { pieceOf } from './calls.js'
import { cType } from './cpp.js'

/** Bytes of a pointer on the processors that outputs are for. */
const POINTER_BYTES = 4

const roundUp = (bytes: number, alignment: number): number => Math.ceil(bytes / alignment) * alignment

/** The cascade that takes an input as it comes, if there is one. */
function fedCascade({ feed, stages }: Program): CascadeStage | undefined {
  const [first] = stages
  return feed?.cascaded === true && first?.kind === 'cascade' ? first : undefined
}

/** The type that counts the pieces of an operator in the context. */
const counter = ({ pieces }: CascadeStage): { readonly type: string; readonly bytes: number } =>
  pieces.every((count) => count < 2 ** 15) ? { type: 'int16_t', bytes: 2 } : { type: 'int32_t', bytes: 4 }

/** Bytes of the members that a context keeps of a stream beside the arena. */
function streamMemberBytes(program: Program): number {
  if (program.feed?.mode !== 'stream') return 0
  const cascade = fedCascade(program)
  if (cascade === undefined) return 4
  return counter(cascade).bytes * cascade.units.length + (cascade.turns.runs === undefined ? 4 : 6)
}

/** The same with the gap that aligns what comes behind. */
export function streamStateBytes(program: Program, alone = false): number {
  const cascade = fedCascade(program)
  const alignment = alone && cascade !== undefined ? counter(cascade).bytes : 4
  return roundUp(streamMemberBytes(program), alignment)
}

/** Bytes at the end of a streaming context that no member takes: with them it is as large where nothing is aligned. */
export function streamGapBytes(program: Program, shared = false): number {
  if (program.feed?.mode !== 'stream') return 0
  return contextBytes(program, shared) - (shared ? 0 : arenaBytes(program)) - streamMemberBytes(program)
}

/** Bytes of the arena: within the context, pointers behind it must not leave a gap. */
export function arenaBytes({ arenaBytes: bytes, feed }: Program, shared = false): number {
  return feed?.mode === 'callback' && !shared ? roundUp(bytes, 8) : bytes
}

/**
 * `sizeof` the context on a 32-bit processor: all the RAM that the model needs, stack apart. A context without an arena of
 * its own holds state alone, or one byte where there is none.
 */
export function contextBytes(program: Program, shared = false): number {
  const pointers = program.feed?.mode === 'callback' ? 2 * POINTER_BYTES : 0
  if (shared) return streamStateBytes(program, true) + pointers || 1
  return roundUp(arenaBytes(program) + streamStateBytes(program) + pointers, program.arenaAlignment)
}

/** What templates print of an input that comes piece by piece. */
export function feedFacts(program: Program, feed: ProgramFeed): object {
  const { input, target, units, unitElements, piecesOfUnit } = feed
  const { type } = target
  const cascade = fedCascade(program)
  const pieceElements = unitElements / piecesOfUnit
  return {
    cType: cType(type),
    units,
    unitElements,
    unitBytes: unitElements * (elementBytes(type) ?? 1),
    elements: units * unitElements,
    index: input,
    piecesOfUnit,
    pieceElements,
    pieceBytes: pieceElements * (elementBytes(type) ?? 1),
    // how many units have come, where the piece that is next goes, and where all of them go
    received:
      cascade === undefined
        ? 'context->received'
        : piecesOfUnit === 1
          ? 'context->done[0]'
          : `eonc_quotient(context->done[0], ${piecesOfUnit})`,
    next: pieceOf(target, cascade === undefined ? 'context->received' : 'done[0]'),
    whole: pieceOf({ type, placement: target.placement }, '0'),
    cascade: cascade?.name ?? '',
    unitsOfCascade: cascade?.units.length ?? 0,
    counter: cascade === undefined ? '' : counter(cascade).type,
    runs: cascade?.turns.runs !== undefined,
  }
}
