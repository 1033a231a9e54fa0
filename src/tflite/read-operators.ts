import type { Location } from '../ir/diagnostic.js'
import { NO_TENSOR, type Operator, type OptionsTable } from '../ir/graph.js'
import type { Tensor } from '../ir/tensor.js'
import { builtinOperatorCode, builtinOperatorName, builtinOptionsType, CUSTOM } from './builtin-operators.js'
import { error, type Findings } from './findings.js'
import { mapTables, type Table } from './flatbuffer-table.js'
import { NO_OPTIONS, optionsFromTable } from './options-table.js'
import { MODEL, OPERATOR, OPERATOR_CODE } from './schema.js'

/** What an operator of the file refers to for its kind. */
export interface OperatorCode {
  /** Name of the kind; undefined when the code is none of the schema's. */
  readonly kind: string | undefined
  readonly code: number
  readonly isCustom: boolean
  readonly version: number
}

/** Reads the model's list of operator codes, of old files (8-bit code) and new ones. */
export function readOperatorCodes(model: Table): readonly OperatorCode[] {
  return mapTables(model, MODEL.operator_codes, readOperatorCode)
}

function readOperatorCode(table: Table): OperatorCode {
  // Codes above 127 did not fit the first field; newer writers fill both, older ones only that.
  const code = Math.max(
    table.int8(OPERATOR_CODE.deprecated_builtin_code, 0),
    table.int32(OPERATOR_CODE.builtin_code, 0),
  )
  const builtin = builtinOperatorName(code)
  const isCustom = builtin === CUSTOM
  const kind = isCustom ? customKind(table.string(OPERATOR_CODE.custom_code)) : builtin
  return { kind, code, isCustom, version: table.int32(OPERATOR_CODE.version, 1) }
}

/** A custom operator's own name; set apart where it is that of a builtin one, for which it must not be taken. */
function customKind(name: string | undefined): string {
  if (name === undefined || name === '') return CUSTOM
  return builtinOperatorCode(name) === undefined ? name : `${CUSTOM} ${name}`
}

/** Where a diagnostic about an operator points: it is known by the name of its first output. */
export function operatorLocation(
  subgraph: number,
  operator: Pick<Operator, 'index' | 'kind' | 'outputs'>,
  tensors: readonly Tensor[],
): Location {
  const { index, kind, outputs } = operator
  return { subgraph, operator: { index, kind, name: tensors[outputs[0] ?? NO_TENSOR]?.name ?? '' } }
}

/** An operator whose indices of tensors are those of the file, unchecked. */
export interface ReadOperator {
  readonly operator: Operator<OptionsTable>
  readonly isCustom: boolean
}

/** Reads operator `index` of a subgraph, whose tensors give it a name. Inconsistencies become findings. */
export function readOperator(
  table: Table,
  index: number,
  context: {
    readonly subgraph: number
    readonly codes: readonly OperatorCode[]
    readonly tensors: readonly Tensor[]
    readonly findings: Findings
  },
): ReadOperator {
  const { codes, findings } = context
  const inputs = table.int32s(OPERATOR.inputs) ?? []
  const outputs = table.int32s(OPERATOR.outputs) ?? []
  const codeIndex = table.uint32(OPERATOR.opcode_index, 0)
  const code = codes[codeIndex]
  const kind = code?.kind ?? 'unknown'
  const where = operatorLocation(context.subgraph, { index, kind, outputs }, context.tensors)
  if (code === undefined) {
    findings.add(
      error('BAD_MODEL', 'Operators refer to a listed operator code', {
        where,
        found: `opcode_index = ${codeIndex} of ${codes.length}`,
      }),
    )
  } else if (code.kind === undefined) {
    findings.add(
      error('UNSUPPORTED_OPERATOR', 'Operators are builtin ones of the schema, or custom', {
        where,
        found: `operator code ${code.code}`,
        help: 'The model needs a newer version of eonc, or is damaged: export it again for TensorFlow Lite Micro.',
      }),
    )
  }
  const options = readOptions(table, code, where, findings)
  const { isCustom, version } = code ?? { isCustom: false, version: 1 }
  return { operator: { kind, index, version, inputs, outputs, options }, isCustom }
}

function readOptions(table: Table, code: OperatorCode | undefined, where: Location, findings: Findings): OptionsTable {
  const type = table.uint8(OPERATOR.builtin_options_type, 0)
  const expected = builtinOptionsType(code?.code ?? -1)
  if (type === 0 || expected === 0) return NO_OPTIONS
  if (type !== expected) {
    findings.add(
      error('BAD_MODEL', 'The options of an operator are of its kind', {
        where,
        found: `builtin_options_type = ${type} where ${expected} belongs`,
      }),
    )
    return NO_OPTIONS
  }
  const options = table.table(OPERATOR.builtin_options)
  return options === undefined ? NO_OPTIONS : optionsFromTable(options)
}
