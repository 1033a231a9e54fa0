import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { projectRoot } from '../test/support/toolchain.js'

/** The folder of the figures: the sources' own, for the build as well. */
export const benchFolder = join(projectRoot, 'bench')

/** Reads a JSON file of `bench/`. Throws with the field that does not fit the schema. */
export function readDataFile<Schema extends z.ZodType>(name: string, schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(JSON.parse(readFileSync(join(benchFolder, name), 'utf8')))
  if (!parsed.success) throw new Error(`bench/${name}: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}
