import type { Target } from 'eonc'
import { cmake } from './cmake/plugin.js'

/** The targets that come with eonc, by name. */
export const targets: readonly Target[] = [cmake]
