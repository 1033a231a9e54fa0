import type { KernelField } from '../ops/index.js'

/** A function in assembler, without prefix, whose address is a parameter of a kernel. */
export interface KernelFunction {
  readonly function: string
}

/** The parameters of a kernel as it reads them. */
export type LaidFields = Readonly<Record<string, KernelField | KernelFunction>>
