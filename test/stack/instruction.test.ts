import t from 'tap'
import { instructionOf } from '../../src/stack/instruction.js'

const pushes: readonly (readonly [mnemonic: string, operands: string, bytes: number | 'unknown'])[] = [
  ['push', '{r4, r5, lr}', 12],
  ['pop', '{r4, r5, pc}', -12],
  ['stmdb', 'sp!, {r4, r5, r6, r7, r8, r9, sl, fp, lr}', 36],
  ['ldmia.w', 'sp!, {r4, r5, r6, r7, r8, pc}', -24],
  ['vpush', '{d8-d11}', 32],
  ['vpush', '{s16}', 4],
  ['vpop', '{s16-s18}', -12],
  ['vstmdb', 'sp!, {d8, d9}', 16],
  ['vpush', '{q4}', 16],
  ['sub', 'sp, #40', 40],
  ['sub.w', 'sp, sp, #512', 512],
  ['subw', 'sp, sp, #1028', 1028],
  ['add', 'sp, #40', -40],
  ['addw', 'sp, sp, #1028', -1028],
  ['add', 'r0, sp, #8', 0],
  ['str.w', 'lr, [sp, #-4]!', 4],
  ['strd', 'r0, r1, [sp, #-16]!', 16],
  ['ldr.w', 'pc, [sp], #4', -4],
  ['ldrd', 'r0, r1, [sp], #8', -8],
  ['str', 'r3, [sp, #4]', 0],
  ['ldr', 'r3, [sp, #4]', 0],
  ['stmia.w', 'r0, {r4, r5}', 0],
  ['stmia.w', 'sp, {r4, r5}', 0],
  ['mov', 'r7, sp', 0],
  ['cmp', 'sp, r3', 0],
  ['mov', 'sp, r7', 'unknown'],
  ['add', 'sp, r3', 'unknown'],
  ['sub.w', 'sp, sp, r3', 'unknown'],
]

t.test('what an instruction does to the stack pointer', (t) => {
  for (const [mnemonic, operands, bytes] of pushes)
    t.equal(instructionOf(mnemonic, operands).pushes, bytes, `${mnemonic} ${operands}`)
  t.end()
})

const ways: readonly (readonly [mnemonic: string, operands: string, goes: string, target?: number])[] = [
  ['movs', 'r0, #0', 'next'],
  ['b.n', '8abc <f+0x4>', 'jump', 0x8abc],
  ['b.w', '8abc <f>', 'jump', 0x8abc],
  ['bls.n', '8abc <f+0x4>', 'branch', 0x8abc],
  ['ble.w', '8abc <f+0x4>', 'branch', 0x8abc],
  ['blt.n', '8abc <f+0x4>', 'branch', 0x8abc],
  ['cbnz', 'r3, 8abc <f+0x4>', 'branch', 0x8abc],
  ['le', 'lr, 8abc <f+0x4>', 'branch', 0x8abc],
  ['wls', 'lr, r2, 8abc <f+0x4>', 'branch', 0x8abc],
  ['dls', 'lr, r2', 'next'],
  ['bic.w', 'r0, r0, r1', 'next'],
  ['bl', '8abc <f>', 'call', 0x8abc],
  ['blx', 'r3', 'indirect-call'],
  ['bx', 'r3', 'indirect-end'],
  ['bx', 'lr', 'end'],
  ['bxeq', 'lr', 'end'],
  ['mov', 'pc, lr', 'end'],
  ['pop', '{r4, pc}', 'end'],
  ['ldr.w', 'pc, [sp], #4', 'end'],
  ['udf', '#255', 'end'],
  ['tbh', '[pc, r6, lsl #1]', 'table'],
  ['mov', 'pc, r3', 'table'],
  ['bl', '8a20 <__gnu_thumb1_case_uqi>', 'table', 0x8a20],
]

t.test('where an instruction goes on', (t) => {
  for (const [mnemonic, operands, goes, target] of ways)
    t.match(instructionOf(mnemonic, operands), { goes, ...(target !== undefined && { target }) }, mnemonic)
  t.equal(instructionOf('bxeq', 'lr').conditional, true)
  t.equal(instructionOf('popne', '{r4, pc}').conditional, true)
  t.equal(instructionOf('pop', '{r4, pc}').conditional, undefined)
  t.end()
})
