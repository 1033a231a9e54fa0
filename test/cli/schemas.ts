import { z } from 'zod'

const count = z.int().min(0)
/** A number before and after. */
export const REDUCTION = z.strictObject({ before: count, after: count })

/** What commands say of constant and dead channels, as JSON. */
export const REMOVED = z.strictObject({
  weights: REDUCTION,
  macs: REDUCTION,
  layers: z.array(
    z.strictObject({
      index: count,
      kind: z.string().regex(/^[A-Z][A-Z0-9_]+$/),
      name: z.string(),
      channels: REDUCTION,
      weights: REDUCTION,
      macs: REDUCTION,
    }),
  ),
})
