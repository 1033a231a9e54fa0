import { cores } from '../support/cores.js'
import { LAYERS, type LayerKind } from './random-layers.js'
import { sweep } from './sweep.js'

const core = cores['cortex-m4f']
sweep({ core, target: { set: 'dsp', goal: 'balanced' }, seed: 0, least: 2000 })

// other streams are only for convolutions; of depthwise ones there is a sweep of their own
const others = (Object.keys(LAYERS) as LayerKind[]).filter((kind) => kind !== 'conv_2d')
sweep({ core, target: { set: 'dsp', goal: 'speed' }, seed: 40_000, share: 0.4, without: others, least: 200 })
