/**
 * Bounds on what is read from one file, so that a damaged or hostile one costs neither time nor memory.
 * They lie far above any model that fits a microcontroller; reading within all of them takes less than 400 MB beside
 * the file itself.
 */

/** Longest file that is read, in bytes. */
export const MAX_FILE_BYTES = 2 ** 28

/** Most subgraphs of a file, and most tensors or operators of all of its subgraphs. */
export const MAX_SUBGRAPHS = 1_024
export const MAX_TENSORS = 100_000
export const MAX_OPERATORS = 100_000

/** Most bytes that a tensor takes which is computed or fed at run time. */
export const MAX_TENSOR_BYTES = 2 ** 28

/** Most dimensions of a tensor: TensorFlow Lite has no operator for more. */
export const MAX_RANK = 8

/** Most elements of a vector in an operator's options: they hold shapes, dimensions, paddings. */
export const MAX_OPTION_ELEMENTS = 256

/** Longest text with labels that is read from a model, in bytes. */
export const MAX_LABELS_BYTES = 2 ** 20

/** Findings after which reading stops. */
export const MAX_FINDINGS = 50

/**
 * Tables may be shared within a file, and a hostile one can share a big one a million times. So reading counts what it
 * visits: the bytes of vectors and strings, and `TABLE_WORK` for each table. `workBudget` is well above what any file
 * needs in which tables are not shared, and is bounded whatever the length of the file is.
 */
export const TABLE_WORK = 128
export const MAX_WORK = 2 ** 26

/** How much may be visited in a file of `bytes` bytes. */
export function workBudget(bytes: number): number {
  return Math.min(8 * bytes + 2 ** 16, MAX_WORK)
}
