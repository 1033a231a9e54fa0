import { cores } from '../support/cores.js'
import { sweep } from './sweep.js'

sweep({ core: cores['cortex-m55'], target: { set: 'mve', goal: 'balanced' }, seed: 0, least: 2000 })
