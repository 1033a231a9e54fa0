import { cores } from '../support/cores.js'
import { sweep } from './sweep.js'

const core = cores['cortex-m0plus']
const without = ['max_pool_2d'] as const
sweep({ core, target: { set: 'armv6m', goal: 'balanced' }, seed: 0, without, least: 2000 })
sweep({ core, target: { set: 'armv6m', goal: 'speed' }, seed: 500, share: 0.3, without, least: 600 })
