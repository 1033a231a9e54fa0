export * from './diagnostic.js'
export * from './edit.js'
export * from './graph.js'
export * from './tensor.js'
