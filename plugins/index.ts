import type { Target } from 'eonc'
import { cmake } from './cmake/plugin.js'
import { wasm } from './wasm/plugin.js'

/** The targets that come with eonc, by name. */
export const targets: readonly Target[] = [cmake, wasm]
