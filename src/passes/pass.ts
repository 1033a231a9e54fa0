import type { Graph } from '../ir/index.js'
import type { OperatorSet } from '../ops/index.js'

/** What passes may look at beside the graph. */
export interface Session {
  readonly operators: OperatorSet
  /** Drop conversions from float at the inputs and to float at the outputs, so that both are int8. */
  readonly stripFloatIo: boolean
}

/** One transformation of a graph. Pure; gives the same object back when there is nothing to do. */
export interface Pass {
  /** Verb and noun, as the file is named. */
  readonly name: string
  /** What the pass keeps true, as a sentence. */
  readonly keeps: string
  run(graph: Graph, session: Session): Graph
}
