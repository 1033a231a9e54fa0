import t from 'tap'
import { stackDepths } from '../../src/stack/depth.js'
import { readDisassembly } from '../../src/stack/disassembly.js'

/** A disassembly of functions of two-byte instructions, the first at address 0x100. */
function code(functions: Readonly<Record<string, readonly string[]>>): ReturnType<typeof readDisassembly> {
  const hex = (address: number): string => address.toString(16).padStart(8, '0')
  const lines: string[] = []
  let address = 0x100
  for (const [name, body] of Object.entries(functions)) {
    lines.push(`${hex(address | 1)} g     F .text\t00000010 ${name}`, `${hex(address)} <${name}>:`)
    for (const instruction of body) {
      lines.push(`     ${address.toString(16)}:\t${instruction.replace(' ', '\t')}`)
      address += 2
    }
  }
  return readDisassembly(lines.join('\n'))
}

const depthOf = (functions: Readonly<Record<string, readonly string[]>>, frames = new Map()) =>
  stackDepths(code(functions), frames, ['f']).get('f')

t.test('frames add up along the deepest calls', (t) => {
  const depth = depthOf({
    f: ['push {r4, lr}', 'bl 10a <g>', 'sub sp, #16', 'bl 110 <h>', 'pop {r4, pc}'],
    g: ['push {r4, r5, r6, lr}', 'pop {r4, r5, r6, pc}', 'nop'],
    h: ['push {r4}', 'pop {r4}', 'bx lr'],
  })
  t.strictSame(depth, {
    bytes: 28,
    path: [
      { function: 'f', bytes: 24 },
      { function: 'h', bytes: 4 },
    ],
    callbacks: [],
    unbounded: [],
  })
  t.end()
})

t.test('what objdump has no name for goes on behind it', (t) => {
  const depth = depthOf({
    f: ['push {r4, lr}', '\t\t@ <UNDEFINED> instruction: 0xea5190a0', 'push {r5}', 'pop {r3, r4, pc}'],
  })
  t.equal(depth?.bytes, 12)
  t.end()
})

t.test('a call in the place of a return has what is left of the stack', (t) => {
  const depth = depthOf({
    f: ['push {r4, r5, r6, lr}', 'pop {r4, r5, r6, lr}', 'b.n 106 <g>'],
    g: ['push {r4, lr}', 'pop {r4, pc}'],
  })
  t.equal(depth?.bytes, 16)
  t.end()
})

t.test('both ways of a branch count, and a condition that does not hold', (t) => {
  const branch = depthOf({
    f: ['beq.n 106 <f+0x6>', 'push {r4, lr}', 'pop {r4, pc}', 'push {r4, r5, r6, lr}', 'pop {r4, r5, r6, pc}'],
  })
  t.equal(branch?.bytes, 16)
  const condition = depthOf({ f: ['push {r4, lr}', 'popne {r4, pc}', 'push {r5}', 'pop {r3, r4, pc}'] })
  t.equal(condition?.bytes, 12)
  t.end()
})

t.test('a jump table leads to all that nothing else leads to', (t) => {
  const depth = depthOf({
    f: ['push {r4, lr}', 'tbb [pc, r0]', '.byte 0x01', 'pop {r4, pc}', 'sub sp, #8', 'add sp, #8', 'pop {r4, pc}'],
  })
  t.equal(depth?.bytes, 16)
  t.same(depth?.unbounded, [])
  t.match(depthOf({ f: ['mov pc, r3'] })?.unbounded, ['f jumps to a place that is not known'])
  t.end()
})

t.test('calls by address are told, with the stack at them', (t) => {
  const depth = depthOf({
    f: ['push {r4, lr}', 'bl 106 <g>', 'pop {r4, pc}'],
    g: ['push {r4, lr}', 'sub sp, #8', 'blx r3', 'add sp, #8', 'pop {r4, pc}'],
  })
  t.equal(depth?.bytes, 24)
  t.strictSame(depth?.callbacks, [{ function: 'g', bytes: 24 }])
  t.end()
})

t.test('what has no bound is named', (t) => {
  const recursion = depthOf({
    f: ['push {r4, lr}', 'bl 106 <g>', 'pop {r4, pc}'],
    g: ['push {r4, lr}', 'bl 100 <f>', 'pop {r4, pc}'],
  })
  t.same(recursion?.unbounded, ['recursion: f calls g calls f'])
  t.match(depthOf({ f: ['push {r4}', 'bne.n 100 <f>', 'bx lr'] })?.unbounded, [
    'f takes more stack in each round of a loop',
  ])
  t.match(depthOf({ f: ['sub.w sp, sp, r0', 'bx lr'] })?.unbounded, [/^f moves the stack pointer by a value/])
  t.end()
})

t.test('a frame that the compiler knows stands for what an instruction does not tell', (t) => {
  const frames = new Map([['f', { name: 'f', bytes: 1024, bounded: true }]])
  const depth = depthOf(
    { f: ['push {r4, lr}', 'add sp, r4', 'bl 10a <g>', 'add sp, r4', 'pop {r4, pc}'], g: ['push {r4}', 'bx lr'] },
    frames,
  )
  t.equal(depth?.bytes, 1028)
  t.same(depth?.unbounded, [])
  const dynamic = new Map([['f', { name: 'f', bytes: 8, bounded: false }]])
  t.match(depthOf({ f: ['push {r4, lr}', 'pop {r4, pc}'] }, dynamic)?.unbounded, [/^f takes stack by a size/])
  t.end()
})

t.test('a core that is given the address of a function calls one of those that there are', (t) => {
  const depth = depthOf({
    f: ['push {r4, lr}', 'bl 106 <e_armv6m_outputs>', 'pop {r4, pc}'],
    e_armv6m_outputs: ['push {r4, r5, r6, lr}', 'blx fp', 'pop {r4, r5, r6, pc}'],
    e_armv6m_scale_3_relu: ['bx lr'],
    eonc_armv6m_scale_any: ['push {r4, lr}', 'pop {r4, pc}'],
  })
  t.match(depth, { bytes: 8 + 16 + 8, callbacks: [], unbounded: [] })
  const columns = depthOf({
    f: ['push {r4, lr}', 'bl 106 <_ZL8e_dsp_columns_row>', 'pop {r4, pc}'],
    _ZL8e_dsp_columns_row: ['push {r4, r5, r6, lr}', 'blx r8', 'pop {r4, r5, r6, pc}'],
    e_dsp_outputs_3_1_relu: ['push {r4, lr}', 'pop {r4, pc}'],
    eonc_armv6m_scale_any: ['push {r4, r5, r6, lr}', 'pop {r4, r5, r6, pc}'],
  })
  t.match(columns, { bytes: 8 + 16 + 8, callbacks: [], unbounded: [] })
  t.end()
})
