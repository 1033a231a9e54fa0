import { basename } from 'node:path'
import type { Diagnostic } from './ir/index.js'

const MAX_LENGTH = 40

/** Why a name cannot prefix C symbols; empty when it can. */
export function nameDiagnostics(name: string): readonly Diagnostic[] {
  if (/^[a-z][a-z0-9_]*$/.test(name) && name.length <= MAX_LENGTH && !name.startsWith('eonc')) return []
  return [
    {
      severity: 'error',
      code: 'BAD_OPTION',
      rule: `A name is a lower-case letter followed by lower-case letters, digits and underscores, at most ${MAX_LENGTH}, and does not start with eonc`,
      found: JSON.stringify(name),
      help: 'Choose another with --name, such as --name kws.',
    },
  ]
}

/** A name made of a model's file name: `My Model-2.tflite` gives `my_model_2`. */
export function modelNameOf(path: string): string {
  const plain = basename(path)
    .replace(/\.tflite$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, MAX_LENGTH)
  return /^[a-z]/.test(plain) && !plain.startsWith('eonc')
    ? plain
    : `model_${plain}`.replace(/_$/, '').slice(0, MAX_LENGTH)
}
