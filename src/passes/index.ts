import type { Graph } from '../ir/index.js'
import { foldConstantTensors } from './fold-constant-tensors.js'
import { foldConstants } from './fold-constants.js'
import { foldPadding } from './fold-padding.js'
import { foldZeroPoints } from './fold-zero-points.js'
import { fuseActivations } from './fuse-activations.js'
import { fuseLookups } from './fuse-lookups.js'
import type { Pass, Session } from './pass.js'
import { removeChannels } from './remove-channels.js'
import { removeDeadCode } from './remove-dead-code.js'
import { stripFloatIo } from './strip-float-io.js'
import { verifyGraph } from './verify-graph.js'

export { type Feed, feedInput } from './feed-input.js'
export { stripFloatIo } from './strip-float-io.js'
export type { Pass, Session } from './pass.js'

/** All passes, in the order in which they run. */
export const passes: readonly Pass[] = [
  stripFloatIo,
  foldConstants,
  removeDeadCode,
  foldPadding,
  fuseLookups,
  fuseActivations,
  foldConstantTensors,
  foldConstants,
  removeDeadCode,
  removeChannels,
  foldConstants,
  foldZeroPoints,
  removeDeadCode,
]

/** The graph after all passes. */
export function runPasses(graph: Graph, session: Session, list: readonly Pass[] = passes): Graph {
  return list.reduce((current, pass) => {
    const next = pass.run(current, session)
    verifyGraph(next, pass.name)
    return next
  }, graph)
}
