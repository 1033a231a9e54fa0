import type { Target } from 'eonc'
import { arduino } from './arduino/plugin.js'
import { cmake } from './cmake/plugin.js'
import { platformio } from './platformio/plugin.js'
import { wasm } from './wasm/plugin.js'

/** The targets that come with eonc, by name. */
export const targets: readonly Target[] = [arduino, cmake, platformio, wasm]
