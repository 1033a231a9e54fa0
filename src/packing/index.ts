import type { Elements, Tensor } from '../ir/index.js'
import { InternalError, toBytes, toElements } from '../ir/index.js'
import type { KernelRequest } from '../ops/index.js'
import type { KernelChoice, KernelSet } from '../select/index.js'
import { armv6mColumnLayouts, armv6mLayouts, armv6mPointwiseLayouts } from './armv6m.js'
import { cmsisNnLayouts } from './cmsis-nn.js'
import { dspLayouts } from './dsp.js'
import { dspColumnLayouts, dspShapeLayouts } from './dsp-columns.js'
import { dspWinogradLayouts } from './dsp-winograd.js'
import type { KernelFunction, LaidFields } from './fields.js'
import { mveLayouts } from './mve.js'
import { packedLayouts } from './packed.js'

export type { LaidFields } from './fields.js'

/** An array in ROM. */
export interface Constant {
  /** Name without the model's prefix, such as `op3_weights`. */
  readonly name: string
  readonly values: Elements
  /** It is an output of the model, which the application reads through a plain pointer. */
  readonly isOutput?: true
}

/** A value of a kernel parameter: a number, the name of a constant, or a function. */
export type PackedField = number | { readonly constant: string } | KernelFunction

/** The elements of a constant tensor. */
function elementsOf({ name, type, data }: Tensor): Elements {
  const values = data && toElements(type, data)
  if (values === undefined) throw new InternalError(`tensor "${name}" is no constant of a known type`)
  return values
}

/** The constants of a program. Equal arrays are stored once. */
export class ConstantPool {
  private readonly byContent = new Map<string, Constant>()

  /** The name of a constant that holds these values. `name` is taken when there is none yet. */
  add(name: string, values: Elements): string {
    return this.addOnce('', { name, values })
  }

  /** The name of a constant that holds a constant tensor. */
  addTensor(name: string, tensor: Tensor): string {
    return this.add(name, elementsOf(tensor))
  }

  /** The same for an output of the model; what kernels read is never the same array, as AVR has that elsewhere. */
  addOutput(name: string, tensor: Tensor): string {
    return this.addOnce('output:', { name, values: elementsOf(tensor), isOutput: true })
  }

  private addOnce(use: string, constant: Constant): string {
    const { name, values } = constant
    const key = `${use}${values.constructor.name}:${Buffer.from(toBytes(values)).toString('base64')}`
    const known = this.byContent.get(key)
    if (known !== undefined) return known.name
    this.byContent.set(key, constant)
    return name
  }

  /** All constants, in the order in which they were first added. */
  list(): readonly Constant[] {
    return [...this.byContent.values()]
  }
}

/** A softmax by its table needs nothing of what that was made from. */
function tableOfSoftmax({ fields }: KernelRequest): KernelRequest['fields'] {
  const { multiplier: _multiplier, shift: _shift, difference_min: _difference, ...others } = fields
  return others
}

/** How kernel sets lay out what a request holds, by family; those that are left out read plain arrays. */
const LAYOUTS: Partial<Record<KernelSet, ReadonlyMap<string, (request: KernelRequest) => LaidFields>>> = {
  armv6m: armv6mLayouts,
  armv6m_columns: armv6mColumnLayouts,
  armv6m_pointwise: armv6mPointwiseLayouts,
  armv6m_wide: armv6mLayouts,
  cmsis_nn: cmsisNnLayouts,
  dsp: dspLayouts,
  dsp_columns: dspColumnLayouts,
  dsp_shape: dspShapeLayouts,
  dsp_wide: dspLayouts,
  dsp_winograd: dspWinogradLayouts,
  mve: mveLayouts,
  portable: new Map(['softmax', 'binary_softmax'].map((family) => [family, tableOfSoftmax])),
}

/** The parameters of a kernel as it reads them. */
export function layOut({ set, request }: KernelChoice): LaidFields {
  const layout = LAYOUTS[set]?.get(request.family) ?? packedLayouts.get(request.family)
  return layout?.(request) ?? request.fields
}

/** Kernel parameters with their arrays moved to the pool. */
export function packFields(
  fields: LaidFields,
  prefix: string,
  pool: ConstantPool,
): Readonly<Record<string, PackedField>> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'number' || 'function' in value ? value : { constant: pool.add(`${prefix}_${name}`, value) },
    ]),
  )
}
