/* Macros that the cores of the kernel set `armv6m` share, and how they scale: Thumb-1, eight low registers. */
  .syntax unified
  .thumb

/* Opens a function in a section of its own, which a linker keeps once however many libraries bring it along. */
  .macro eonc_function name
  .section .text.\name, "axG", %progbits, \name, comdat
  .weak \name
  .type \name, %function
  .thumb_func
  .p2align 2
\name:
  .endm

/*
 * Sets all registers free that a function has to keep, and keeps three of its arguments on the stack: `first` at sp +
 * 0,
 * `second` at sp + 4, `third` at sp + 8, those from the caller's stack from sp + 48 on.
 */
  .macro eonc_enter first, second, third
  push {r4-r7, lr}
  mov r4, r8
  mov r5, r9
  mov r6, r10
  mov r7, r11
  push {r4-r7}
  push {\first, \second, \third}
  .endm

  .macro eonc_leave
  add sp, sp, #12
  pop {r4-r7}
  mov r8, r4
  mov r9, r5
  mov r10, r6
  mov r11, r7
  pop {r4-r7, pc}
  .endm

/*
 * Scales the accumulator in r0 to an output byte by the scale at r1; see README.md. Other registers than r0-r3 are
 * kept.
 */
  .macro eonc_scale parts, linear
  .if \parts == 3
  ldrh r2, [r1]
  muls r2, r0, r2
  asrs r2, r2, #11
  ldrh r3, [r1, #2]
  muls r3, r0, r3
  adds r2, r2, r3
  asrs r2, r2, #11
  ldrh r3, [r1, #4]
  .else
  ldrb r2, [r1]
  muls r2, r0, r2
  asrs r2, r2, #8
  ldrb r3, [r1, #1]
  muls r3, r0, r3
  adds r2, r2, r3
  asrs r2, r2, #8
  ldrb r3, [r1, #2]
  muls r3, r0, r3
  adds r2, r2, r3
  asrs r2, r2, #8
  ldrb r3, [r1, #3]
  .endif
  muls r3, r0, r3
  adds r2, r2, r3
  .if \linear
  asrs r0, r0, #31
  .if \parts == 3
  lsls r0, r0, #9
  .else
  lsls r0, r0, #7
  .endif
  adds r2, r2, r0
  .endif
  .if \parts == 3
  adds r2, r2, #255
  adds r2, r2, #1
  .else
  adds r2, r2, #64
  .endif
  ldrb r3, [r1, #7]
  sxtb r3, r3
  ldrb r0, [r1, #6]
  asrs r2, r2, r0
  adcs r2, r2, r3
  sxtb r0, r2
  cmp r0, r2
  bne 1f
  bx lr
1:
  asrs r2, r2, #31
  movs r0, #127
  eors r0, r0, r2
  bx lr
  .endm

  eonc_function EONC_SYMBOL(armv6m_scale_3_linear)
  eonc_scale 3, 1
  eonc_function EONC_SYMBOL(armv6m_scale_3_relu)
  eonc_scale 3, 0
  eonc_function EONC_SYMBOL(armv6m_scale_4_linear)
  eonc_scale 4, 1
  eonc_function EONC_SYMBOL(armv6m_scale_4_relu)
  eonc_scale 4, 0
