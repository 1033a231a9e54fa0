export { MAX_FILE_BYTES } from './limits.js'
export { type Metadata, readModel, type SourceModel } from './read-model.js'
