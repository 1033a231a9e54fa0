export { MAX_FILE_BYTES } from './limits.js'
export { linesOf, readLabels } from './read-labels.js'
export { type Metadata, readModel, type SourceModel } from './read-model.js'
