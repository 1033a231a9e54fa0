import { cores } from '../support/cores.js'
import { sweep } from './sweep.js'

sweep({ core: cores['cortex-m4f'], target: { set: 'dsp', goal: 'balanced' }, seed: 0, least: 2000 })
