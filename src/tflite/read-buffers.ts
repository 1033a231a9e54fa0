import type { Findings } from './findings.js'
import { error } from './findings.js'
import type { FlatbufferFile } from './flatbuffer-file.js'
import type { Table } from './flatbuffer-table.js'
import { BUFFER, MODEL } from './schema.js'

/** Gives the bytes of buffer `index` as a view of the file; undefined when it has none or does not exist. */
export type Buffers = (index: number, user: string) => Uint8Array | undefined

/**
 * Access to the model's constant data. A buffer is read when it is asked for, by the tensor or metadata that `user`
 * names; a bad one becomes a finding.
 */
export function readBuffers(file: FlatbufferFile, model: Table, findings: Findings): Buffers {
  const tables = model.tables(MODEL.buffers)
  return (index, user) => {
    // Writers use buffer 0 for "no data", and some leave out all buffers when none has data.
    if (index === 0 && tables.length === 0) return undefined
    if (index >= tables.length) {
      findings.add(
        error('BAD_MODEL', 'Buffer indices lie within the list of buffers', {
          found: `${user} = ${index} of ${tables.length}`,
        }),
      )
      return undefined
    }
    return readBuffer(file, tables.at(index))
  }
}

function readBuffer(file: FlatbufferFile, table: Table): Uint8Array | undefined {
  const data = table.bytes(BUFFER.data)
  if (data !== undefined && data.length > 0) return data
  // Data of models above 2 GiB stands behind the flatbuffer; 1 is what writers put there before they know the place.
  const offset = table.uint64(BUFFER.offset, 0)
  const size = table.uint64(BUFFER.size, 0)
  if (offset <= 1 || size <= 1) return undefined
  file.require(offset, size, 1, `The data of ${table.path}`)
  return file.view(offset, size)
}
