import { instructionOf, type Instruction } from './instruction.js'

/** A linked program, as `objdump -d -t` prints it. */
export interface Disassembly {
  /** By address. */
  readonly instructions: ReadonlyMap<number, Instruction>
  /** Address of each function; several names may have one. */
  readonly functions: ReadonlyMap<string, number>
  /** Labels of code in the order of their addresses: where functions begin, and so where the one before ends. */
  readonly labels: readonly Label[]
}

export interface Label {
  readonly name: string
  readonly address: number
}

const SYMBOL = /^([0-9a-f]{8}) .{6}F \.text\S*\s+[0-9a-f]{8}\s+(?:\.hidden )?(\S+)$/gm
const LABEL = /^([0-9a-f]{8}) <(\S+)>:$/
const INSTRUCTION = /^ *([0-9a-f]+):\t([^\t]+)(?:\t(.*))?$/

/** What objdump has no name for, such as the conditional selections of a Cortex-M55: none of them moves the stack pointer. */
const UNNAMED = /^ *([0-9a-f]+):\s+@ <UNDEFINED>/

/** Reads what `objdump -d -t --no-show-raw-insn` prints. Data between instructions is left out. */
export function readDisassembly(text: string): Disassembly {
  const functions = new Map<string, number>()
  // the lowest bit of an address tells Thumb code
  for (const [, address = '', name = ''] of text.matchAll(SYMBOL)) functions.set(name, parseInt(address, 16) & ~1)
  const instructions = new Map<number, Instruction>()
  const labels: Label[] = []
  for (const line of text.split('\n')) {
    const [, at, label] = LABEL.exec(line) ?? []
    if (label !== undefined) labels.push({ name: label, address: parseInt(at ?? '', 16) })
    const [, unnamed] = UNNAMED.exec(line) ?? []
    if (unnamed !== undefined) instructions.set(parseInt(unnamed, 16), { pushes: 0, goes: 'next' })
    const [, address, mnemonic, operands = ''] = INSTRUCTION.exec(line) ?? []
    if (address === undefined || mnemonic === undefined || mnemonic.startsWith('.')) continue
    instructions.set(parseInt(address, 16), instructionOf(mnemonic.trim(), operands.replace(/\s*[;@].*/, '')))
  }
  return { instructions, functions, labels }
}
