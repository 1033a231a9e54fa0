import type { Baseline } from './baseline.js'
import { type Figures, type Measured, placeOf, type Results } from './results.js'

/** How the figures of eonc were measured, and what they are compared with: the sentences under every table. */
export function caption(results: Results, { conditions }: Baseline): readonly string[] {
  const { eonc, compiler, library, linker, optimization, kernels } = results
  return [
    `eonc ${eonc}: input resident, cascades of rows unless said otherwise, kernel set ${kernels}, ${compiler} at ${optimization}, ${linker}, ${library}; ` +
      'bytes and instructions from linked binaries in QEMU, less an empty harness.',
    'RAM is the context and all other .data and .bss; the stack is apart. ROM is code and constants; ROM code is ROM less the arrays of weights and tables.',
    stackText(results),
    'Instructions are those of one inference. They are instructions, not cycles.',
    exactText(results),
    `Figures of TensorFlow Lite Micro are those of bench/baseline.json, measured in ${conditions.date}: ${conditions.compiler}, ` +
      `core at ${conditions.optimization.core}, kernels at ${conditions.optimization.kernels}, ${conditions.linker}, ${conditions.library}; ` +
      'RAM is the arena and all other RAM but the stack, ROM code is ROM less the model file.',
  ]
}

function stackText(results: Results): string {
  const less = measuredIn(results).map(({ stack, paintedStack }) => stack - paintedStack)
  const found = Math.max(...less) === 0 ? 'just as much' : `up to ${Math.max(...less)} bytes less`
  const confirmed = less.length === 0 ? '' : `; painting it in QEMU found ${found}`
  return `Stack is the worst case, from -fstack-usage and the call graph of the linked code${confirmed}.`
}

/** The cell that tells how outputs compared with the oracle's. */
export function exactCell({ exact, vectors, tolerance }: Figures): string {
  if (exact === null) return 'not compared'
  if (!exact) return 'DIFFERS'
  return `${vectors} ${tolerance === 0 ? 'exact' : `within ${tolerance.toExponential()}`}`
}

function measuredIn({ measurements }: Results): readonly Measured[] {
  return measurements.filter((measurement): measurement is Measured => measurement.status === 'measured')
}

function exactText(results: Results): string {
  const measured = measuredIn(results)
  const counts = measured.filter(({ exact }) => exact !== null).map(({ vectors }) => vectors)
  if (counts.length === 0) return 'No output was compared with the oracle.'
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  const range = least === most ? `${least}` : `${least} to ${most}`
  const wrong = measured.filter(({ exact }) => exact === false)
  const unknown = measured.filter(({ exact }) => exact === null)
  const exceptions = [
    ...(wrong.length > 0 ? [`except ${listOf(wrong)}`] : []),
    ...(unknown.length > 0 ? [`not compared: ${listOf(unknown)}`] : []),
  ]
  const rest = exceptions.length > 0 ? `; ${exceptions.join('; ')}` : ''
  return `Exact: on each core the outputs were equal to the oracle's on ${range} vectors for each model (float32: within 1e-5 of the largest)${rest}.`
}

function listOf(measurements: readonly Measured[]): string {
  return measurements.map(placeOf).join(', ')
}
