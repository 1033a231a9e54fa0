/** What an instruction of a Cortex-M does to the stack pointer, and where it goes on. */
export interface Instruction {
  /** Bytes that it moves the stack pointer down, negative for up; `unknown` when that is known at run time only. */
  readonly pushes: number | 'unknown'
  /**
   * - `next`: the one behind it
   * - `jump`: `target`
   * - `branch`: `target`, or the one behind it
   * - `call`: `target`, then the one behind it
   * - `indirect-call`: some function, then the one behind it
   * - `table`: a place of the same function that is computed
   * - `indirect-end`: some function, then the caller
   * - `end`: the caller, or nowhere
   */
  readonly goes: 'next' | 'jump' | 'branch' | 'call' | 'indirect-call' | 'table' | 'indirect-end' | 'end'
  readonly target?: number
  /** It may have no effect, as its condition may not hold. */
  readonly conditional?: boolean
}

const CONDITION = '(eq|ne|cs|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)?'
const pattern = (mnemonics: string): RegExp => new RegExp(`^(?:${mnemonics})${CONDITION}(?:\\.[nw])?$`)
const BRANCH = pattern('b')
const CALL = pattern('bl')
const INDIRECT_CALL = pattern('blx|blxns')
const BRANCH_REGISTER = pattern('bx|bxns')
const LOOP = /^(?:le|letp|wls|wlstp\.\w+|cbn?z)$/
const TABLE = /^tb[bh]$/
/** A helper of libgcc that jumps by the table behind its call: how `switch` is compiled for cores without `tbb`. */
const TABLE_HELPER = /<__gnu_thumb1_case_\w+>/
const PUSH = pattern('push|vpush|stmdb|vstmdb|stmfd')
const POP = pattern('pop|vpop|ldmia|vldmia|ldmfd')
const ADJUST = pattern('add|addw|sub|subw')

const numberIn = (text: string | undefined): number | undefined => {
  const [, digits] = /#(-?\d+)/.exec(text ?? '') ?? []
  return digits === undefined ? undefined : Number(digits)
}

/** Bytes of a list of registers, such as `{r4, r5, lr}` or `{d8-d11}`. */
function listBytes(list: string): number {
  let bytes = 0
  for (const part of list.replace(/[{}\s]/g, '').split(',')) {
    const [, kind, first, last = first] = /^([a-z]+)(\d+)(?:-[a-z]+(\d+))?$/.exec(part) ?? []
    const each = kind === 'd' ? 8 : kind === 'q' ? 16 : 4
    bytes += each * (first === undefined ? 1 : Number(last) - Number(first) + 1)
  }
  return bytes
}

/** Bytes that an instruction moves the stack pointer down. */
function pushedBytes(mnemonic: string, operands: string): number | 'unknown' {
  const [list] = /\{.*\}/.exec(operands) ?? []
  if (list !== undefined && (/v?(push|pop)/.test(mnemonic) || operands.startsWith('sp!'))) {
    if (PUSH.test(mnemonic)) return listBytes(list)
    if (POP.test(mnemonic)) return -listBytes(list)
  }
  // stores that write the stack pointer back first, loads that do so afterwards
  const [, before] = /\[sp, (#-?\d+)\]!/.exec(operands) ?? []
  const [, after] = /\[sp\], (#-?\d+)/.exec(operands) ?? []
  const moved = numberIn(before ?? after)
  if (moved !== undefined) return -moved
  const writesPointer = /^sp\b(?!!)/.test(operands) && !/^(?:v?st|cm[pn]|tst|teq)/.test(mnemonic)
  if (!writesPointer) return /^sp!|\[sp[^\]]*\]!|\[sp\],/.test(operands) ? 'unknown' : 0
  const amount = numberIn(operands)
  const isAdjusted = ADJUST.test(mnemonic) && /^sp, (?:sp, )?#/.test(operands) && amount !== undefined
  if (!isAdjusted) return 'unknown'
  return mnemonic.startsWith('sub') ? amount : -amount
}

/** Where an instruction goes on. */
function flowOf(mnemonic: string, operands: string): Omit<Instruction, 'pushes'> {
  const [, address] = /(?:^|, )([0-9a-f]+) </.exec(operands) ?? []
  const target = address === undefined ? undefined : parseInt(address, 16)
  const [, branchCondition] = BRANCH.exec(mnemonic) ?? []
  if (target !== undefined && BRANCH.test(mnemonic))
    return { goes: branchCondition === undefined ? 'jump' : 'branch', target }
  if (target !== undefined && LOOP.test(mnemonic)) return { goes: 'branch', target }
  if (target !== undefined && CALL.test(mnemonic))
    return TABLE_HELPER.test(operands) ? { goes: 'table', target } : { goes: 'call', target }
  if (INDIRECT_CALL.test(mnemonic)) return { goes: 'indirect-call' }
  if (TABLE.test(mnemonic)) return { goes: 'table' }
  const [, condition] = BRANCH_REGISTER.exec(mnemonic) ?? []
  const conditional = condition === undefined ? {} : { conditional: true }
  if (BRANCH_REGISTER.test(mnemonic)) return { goes: operands === 'lr' ? 'end' : 'indirect-end', ...conditional }
  return toProgramCounter(mnemonic, operands)
}

/** What writes the program counter as it would another register. */
function toProgramCounter(mnemonic: string, operands: string): Omit<Instruction, 'pushes'> {
  const [, condition] = pattern('pop|ldmia|ldmfd|ldr|mov|add').exec(mnemonic) ?? []
  const conditional = condition === undefined ? {} : { conditional: true }
  if (/^(?:pop|ldm)/.test(mnemonic) && /\bpc\b/.test(operands)) return { goes: 'end', ...conditional }
  if (mnemonic.startsWith('ldr') && operands.startsWith('pc, [sp]')) return { goes: 'end', ...conditional }
  if (mnemonic.startsWith('mov') && operands === 'pc, lr') return { goes: 'end', ...conditional }
  if (/^pc\b/.test(operands) && /^(?:ldr|mov|add)/.test(mnemonic)) return { goes: 'table', ...conditional }
  return mnemonic.startsWith('udf') ? { goes: 'end' } : { goes: 'next' }
}

/** An instruction from its two columns in a disassembly, comments left out. */
export function instructionOf(mnemonic: string, operands: string): Instruction {
  return { pushes: pushedBytes(mnemonic, operands), ...flowOf(mnemonic, operands) }
}
