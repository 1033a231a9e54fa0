// Writes schemas/eonc.schema.json from src/manifest.ts. Usage: node tools/manifest-schema.mjs [--check] (after a build)
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { z } from 'zod'
import { manifestSchema } from '../dist/src/manifest.js'

const path = fileURLToPath(new URL('../schemas/eonc.schema.json', import.meta.url))
const schema = { title: 'Manifest of an output of eonc (eonc.json)', ...z.toJSONSchema(manifestSchema) }
const text = await format(JSON.stringify(schema), { ...(await resolveConfig(path)), filepath: path })

if (process.argv.includes('--check')) {
  if (readFileSync(path, 'utf8') !== text) {
    console.error('schemas/eonc.schema.json is not up to date: run npm run docs')
    process.exitCode = 1
  }
} else {
  writeFileSync(path, text)
}
