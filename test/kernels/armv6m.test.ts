import { cores } from '../support/cores.js'
import { sweep } from './sweep.js'

const core = cores['cortex-m0plus']
sweep({ core, target: { set: 'armv6m', goal: 'balanced' }, seed: 0, least: 2000 })
sweep({ core, target: { set: 'armv6m', goal: 'speed' }, seed: 500, share: 0.2, least: 400 })
