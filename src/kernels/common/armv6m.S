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
 * Scales the accumulator in `sum`, which is lost, by the scale `at` bytes behind the register `scale`, into r2; see
 * README.md. `half` is a register that holds 256, if there is one. r3 is lost.
 */
  .macro eonc_scale_sum parts, linear, sum, scale, at=0, half
  .if \parts == 3
  ldrh r2, [\scale, #\at]
  muls r2, \sum, r2
  asrs r2, r2, #11
  ldrh r3, [\scale, #\at + 2]
  muls r3, \sum, r3
  adds r2, r2, r3
  asrs r2, r2, #11
  ldrh r3, [\scale, #\at + 4]
  .else
  ldrb r2, [\scale, #\at]
  muls r2, \sum, r2
  asrs r2, r2, #8
  ldrb r3, [\scale, #\at + 1]
  muls r3, \sum, r3
  adds r2, r2, r3
  asrs r2, r2, #8
  ldrb r3, [\scale, #\at + 2]
  muls r3, \sum, r3
  adds r2, r2, r3
  asrs r2, r2, #8
  ldrb r3, [\scale, #\at + 3]
  .endif
  muls r3, \sum, r3
  adds r2, r2, r3
  .if \linear
  asrs \sum, \sum, #31
  .if \parts == 3
  lsls \sum, \sum, #9
  .else
  lsls \sum, \sum, #7
  .endif
  adds r2, r2, \sum
  .endif
  .if \parts == 4
  adds r2, r2, #64
  .else
  .ifb \half
  adds r2, r2, #255
  adds r2, r2, #1
  .else
  add r2, r2, \half
  .endif
  .endif
  ldrb r3, [\scale, #\at + 7]
  sxtb r3, r3
  ldrb \sum, [\scale, #\at + 6]
  asrs r2, r2, \sum
  adcs r2, r2, r3
  .endm

/* A byte for a value in r2 that is none: the lowest or the highest one. */
  .macro eonc_saturate to=r0
  asrs r2, r2, #31
  movs \to, #127
  eors \to, \to, r2
  .endm

/* The function that scales r0 by the scale at r1 to an output byte. Other registers than r0-r3 are kept. */
  .macro eonc_scale parts, linear
  eonc_scale_sum \parts, \linear, r0, r1
  sxtb r0, r2
  cmp r0, r2
  bne 1f
  bx lr
1:
  eonc_saturate
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
