export { OutputError } from './output-error.js'
export { writeOutput, type WriteOptions } from './write-output.js'
