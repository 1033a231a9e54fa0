import type { Location } from '../ir/diagnostic.js'
import type { ElementType, Quantization } from '../ir/tensor.js'
import { zeroPointRange } from './element-types.js'
import { error, type Findings, formatShape } from './findings.js'
import type { Table } from './flatbuffer-table.js'
import { QUANTIZATION, QUANTIZATION_DETAILS } from './schema.js'

/**
 * Affine quantization of a tensor of `type` and `shape`. Undefined when the table has no scales, or when the type's
 * values stand for themselves, as floating-point ones do. Absent zero points are 0, and a single one holds for all scales.
 * What is inconsistent becomes a finding at `where`.
 */
export function readQuantization(
  table: Table,
  type: ElementType,
  shape: readonly number[],
  where: Location,
  findings: Findings,
): Quantization | undefined {
  const range = zeroPointRange(type)
  if (range === undefined) return undefined
  const details = table.uint8(QUANTIZATION.details_type, 0)
  if (details !== 0) {
    findings.add(
      error('UNSUPPORTED_QUANTIZATION', 'Quantization is affine, by scale and zero point', {
        where,
        found: `details_type = ${QUANTIZATION_DETAILS[details] ?? details}`,
        help: 'Export the model with int8 post-training quantization.',
      }),
    )
    return undefined
  }
  const scales = table.float32s(QUANTIZATION.scale) ?? []
  if (scales.length === 0) return undefined
  const zeroPoints = spread(table.int64s(QUANTIZATION.zero_point) ?? [], scales.length)
  const dimension = sliceDimension(table.int32(QUANTIZATION.quantized_dimension, 0), scales.length, shape)
  const bad = (rule: string, found: string): void => findings.add(error('BAD_MODEL', rule, { where, found }))

  const badScale = scales.findIndex((scale) => !(scale > 0 && scale < Infinity))
  if (badScale >= 0) bad('Scales are positive and finite', `scale[${badScale}] = ${scales[badScale]}`)
  const [least, most] = range
  const badZeroPoint = zeroPoints.findIndex((zeroPoint) => zeroPoint < least || zeroPoint > most)
  if (badZeroPoint >= 0) {
    bad(
      `Zero points of ${type} lie between ${least} and ${most}`,
      `zero_point[${badZeroPoint}] = ${zeroPoints[badZeroPoint]}`,
    )
  }
  if (zeroPoints.length !== scales.length) {
    bad('There are as many zero points as scales', `${scales.length} scales, ${zeroPoints.length} zero points`)
  }
  if (dimension === undefined) {
    const quantized = table.int32(QUANTIZATION.quantized_dimension, 0)
    bad(
      'There is one scale, or one for each slice along the quantized dimension',
      `${scales.length} scales, quantized_dimension = ${quantized}, shape ${formatShape(shape)}`,
    )
  }
  return { scales, zeroPoints, dimension: dimension ?? 0 }
}

/** As many zero points as scales, where the file spares them. */
function spread(zeroPoints: readonly number[], count: number): readonly number[] {
  if (zeroPoints.length > 1 || zeroPoints.length === count) return zeroPoints
  return new Array<number>(count).fill(zeroPoints[0] ?? 0)
}

/** The dimension that `count` scales run along; undefined when there is none. */
function sliceDimension(dimension: number, count: number, shape: readonly number[]): number | undefined {
  if (count === 1) return 0
  if (shape[dimension] === count) return dimension
  // Some exporters give a bias the dimension of its filter: a vector has only one.
  return shape.length === 1 && shape[0] === count ? 0 : undefined
}
