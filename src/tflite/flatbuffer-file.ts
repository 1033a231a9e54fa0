import { ByteBuffer } from 'flatbuffers'
import { fail, requireAtMost } from './findings.js'
import { MAX_WORK, workBudget } from './limits.js'

/** Four bytes behind the root offset that mark a TensorFlow Lite model of schema version 3. */
const IDENTIFIER = 'TFL3'

/** Starts of files that get taken for models, and what to call them. */
const OTHER_FILES: readonly (readonly [start: string, name: string])[] = [
  ['PK\x03\x04', 'a zip archive, as Keras files (.keras) are'],
  ['\x89HDF', 'an HDF5 file, as older Keras files (.h5) are'],
  ['version https://git-lfs', 'a pointer of Git LFS: the model itself is not checked out'],
]

/** The bytes of a file with checked access, and how much work reading it may still take. Positions are in bytes. */
export class FlatbufferFile {
  readonly bytes: Uint8Array
  readonly buffer: ByteBuffer
  #budget: number

  constructor(bytes: Uint8Array) {
    // A Buffer of Node.js is a Uint8Array whose slice() does not copy: views of the file must not be such.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.buffer = new ByteBuffer(this.bytes)
    this.#budget = workBudget(bytes.length)
  }

  /** Throws BAD_FILE unless `count` elements of `size` bytes at `position` lie in the file. `what` names them. */
  require(position: number, count: number, size: number, what: string): void {
    const end = position + count * size
    if (position >= 0 && end <= this.bytes.length) return
    fail('BAD_FILE', `${what} lies inside of the file`, {
      found: `bytes ${position} to ${end} of ${this.bytes.length}`,
    })
  }

  /** Takes from the budget of work; throws BAD_FILE when it is used up, or TOO_LARGE when no file may have more. */
  spend(work: number, what: string): void {
    this.#budget -= work
    if (this.#budget >= 0) return
    const budget = workBudget(this.bytes.length)
    if (budget === MAX_WORK) requireAtMost(MAX_WORK, MAX_WORK - this.#budget, 'bytes of structure')
    fail('BAD_FILE', 'The file holds no more structure than its length allows', {
      found: `more than ${budget} bytes visited of ${this.bytes.length} when reading ${what}`,
    })
  }

  /** A view of bytes that lie in the file (see `require`): nothing is copied. */
  view(position: number, count: number): Uint8Array {
    return this.bytes.subarray(position, position + count)
  }
}

/** Position of the root table. Throws BAD_FILE if the file does not carry the format's identifier. */
export function rootPosition(file: FlatbufferFile): number {
  const start = String.fromCharCode(...file.bytes.subarray(0, 32))
  if (start.slice(4, 8) !== IDENTIFIER) {
    const other = OTHER_FILES.find(([head]) => start.startsWith(head))?.[1]
    fail('BAD_FILE', `The file carries the identifier "${IDENTIFIER}"`, {
      found: other ?? `${JSON.stringify(start.slice(4, 8))} in a file of ${file.bytes.length} bytes`,
      help: 'The file is not a TensorFlow Lite model (.tflite): convert or export the model to one.',
    })
  }
  return file.buffer.readUint32(0)
}
