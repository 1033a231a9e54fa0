#include "armv6m.S"

/*
 * Sums of products, two of them by one multiplication, for two channels side by side. Layouts of the words of inputs
 * and
 * of the stream are those of README.md; there is a multiple of 8 inputs.
 */

/* Of bytes that hold weights + 128: a mask of every second one in r9, and what makes them weights again in r10. */
  .macro eonc_weight_constants
  movs r0, #255
  lsls r1, r0, #16
  adds r0, r0, r1
  mov r9, r0
  movs r0, #128
  lsls r1, r0, #16
  adds r0, r0, r1
  rsbs r0, r0, #0
  mov r10, r0
  .endm

/* Four weights of a channel in r2 as two words, in r3 and r2. */
  .macro eonc_unpack_weights
  mov r3, r9
  ands r3, r3, r2
  eors r2, r2, r3
  lsrs r2, r2, #8
  add r3, r3, r10
  add r2, r2, r10
  .endm

/*
 * Adds two products to a sum: the upper half of the product of two words, which the carry rounds; the lower half is of
 * no use, and less than a half. The product takes the place of `one`.
 */
  .macro eonc_multiply_add sum, one, other
  muls \one, \other, \one
  asrs \one, \one, #16
  adcs \sum, \sum, \one
  .endm

/* Two inputs as a word: those r4 and r5 bytes behind the register `at`. */
  .macro eonc_widen_two word, other, at
  ldrsb \word, [\at, r4]
  ldrsb \other, [\at, r5]
  lsls \other, \other, #16
  adds \word, \word, \other
  .endm

/*
 * Products of inputs from r7 up to r8 and weights from r6 on, added to r4 and r5, which are of two channels. In rows,
 * the inputs go on r10 further in the next row, whose end is r9 further, until the end is r12.
 */
  .macro eonc_dot wide, rows=0
1:
  .rept 2
  ldmia r7!, {r0, r1}
  .if \wide
  ldmia r6!, {r2, r3}
  eonc_multiply_add r4, r2, r0
  eonc_multiply_add r4, r3, r1
  ldmia r6!, {r2, r3}
  eonc_multiply_add r5, r2, r0
  eonc_multiply_add r5, r3, r1
  .else
  ldmia r6!, {r2}
  eonc_unpack_weights
  eonc_multiply_add r4, r3, r0
  eonc_multiply_add r4, r2, r1
  ldmia r6!, {r2}
  eonc_unpack_weights
  eonc_multiply_add r5, r3, r0
  eonc_multiply_add r5, r2, r1
  .endif
  .endr
  cmp r7, r8
  bne 1b
  .if \rows
  add r7, r7, r10
  cmp r8, r12
  add r8, r8, r9
  bne 1b
  .endif
  .endm

/* Outputs of blocks of two channels; `words` at sp + 0, channels at sp + 8, output at sp + 48, the function in r11. */
  .macro eonc_outputs_of_blocks wide, rows
2:
  ldr r7, [sp]
  .if \rows
  ldr r0, [sp, #4]
  mov r8, r0
  ldr r0, [sp, #60]
  mov r12, r0
  .endif
  ldmia r6!, {r4, r5}
  eonc_dot \wide, \rows
  mov r0, r4
  mov r1, r6
  blx r11
  ldr r4, [sp, #48]
  strb r0, [r4]
  ldr r0, [sp, #8]
  subs r0, r0, #2
  str r0, [sp, #8]
  bmi 3f
  mov r0, r5
  mov r1, r6
  adds r1, r1, #8
  blx r11
  strb r0, [r4, #1]
  adds r4, r4, #2
  str r4, [sp, #48]
  adds r6, r6, #16
  ldr r0, [sp, #8]
  cmp r0, #0
  bne 2b
3:
  eonc_leave
  .endm

/*
 * void outputs(const uint32_t *words, const uint32_t *end, const int32_t *stream, int32_t channels, int8_t *output,
 *              eonc_scale_armv6m scale)
 */
  .macro eonc_outputs wide
  eonc_enter r0, r2, r3
  mov r8, r1
  ldr r0, [sp, #52]
  mov r11, r0
  mov r6, r2
  .if \wide == 0
  eonc_weight_constants
  .endif
  eonc_outputs_of_blocks \wide, 0
  .endm

/*
 * void sums(const uint32_t *words, const uint32_t *end, const int32_t *weights, int32_t *sums, int32_t pairs,
 *           int32_t distance)
 * adds the products to two sums for each pair of channels, whose weights are `distance` bytes from those of the last
 * one.
 */
  .macro eonc_sums wide
  eonc_enter r0, r2, r3
  mov r8, r1
  mov r11, r2
  mov r12, r3
  ldr r0, [sp, #48]
  lsls r0, r0, #3
  add r0, r0, r12
  mov lr, r0 /* end of the sums */
  .if \wide == 0
  eonc_weight_constants
  .endif
2:
  ldr r7, [sp]
  mov r6, r11
  mov r0, r12
  ldmia r0!, {r4, r5}
  eonc_dot \wide
  mov r0, r12
  stmia r0!, {r4, r5}
  mov r12, r0
  ldr r1, [sp, #52]
  add r11, r11, r1
  cmp r0, lr
  bne 2b
  eonc_leave
  .endm

  eonc_function EONC_SYMBOL(armv6m_outputs)
  eonc_outputs 0
  eonc_function EONC_SYMBOL(armv6m_outputs_wide)
  eonc_outputs 1
  eonc_function EONC_SYMBOL(armv6m_sums)
  eonc_sums 0
  eonc_function EONC_SYMBOL(armv6m_sums_wide)
  eonc_sums 1

/*
 * void scales(const int32_t *sums, const int32_t *end, const int32_t *scales, int32_t distance, int8_t *output,
 *             eonc_scale_armv6m scale)
 * scales sums to bytes; scales are `distance` bytes apart.
 */
  eonc_function EONC_SYMBOL(armv6m_scales)
  push {r3-r7, lr}
  mov r4, r0
  mov r5, r1
  mov r6, r2
  ldr r7, [sp, #24]
1:
  ldmia r4!, {r0}
  mov r1, r6
  ldr r2, [sp, #28]
  blx r2
  strb r0, [r7]
  adds r7, r7, #1
  ldr r0, [sp]
  adds r6, r6, r0
  cmp r4, r5
  bne 1b
  pop {r3-r7, pc}

/*
 * uint32_t *widen(uint32_t *words, const int8_t *inputs, int32_t groups, int32_t step, int32_t rows, int32_t distance,
 *                 const int8_t *end, int32_t ring)
 * writes two words for each group of 4 inputs of each row, `step` bytes from one word to the next, and gives where the
 * next word goes. Rows are `distance` bytes apart; a row from `end` on is found `ring` bytes before.
 */
  eonc_function EONC_SYMBOL(armv6m_widen)
  eonc_enter r1, r2, r3
  movs r4, #0
  movs r5, #2
  adds r6, r3, r3
  mov r8, r6
  mov r9, r2
  mov r10, r1
1:
  mov r2, r9
2:
  eonc_widen_two r6, r7, r1
  str r6, [r0]
  adds r1, r1, #1
  eonc_widen_two r6, r7, r1
  str r6, [r0, r3]
  adds r1, r1, #3
  add r0, r0, r8
  subs r2, r2, #1
  bne 2b
  mov r1, r10
  ldr r6, [sp, #52]
  adds r1, r1, r6
  ldr r6, [sp, #56]
  cmp r1, r6
  blo 3f
  ldr r6, [sp, #60]
  subs r1, r1, r6
3:
  mov r10, r1
  ldr r6, [sp, #48]
  subs r6, r6, #1
  str r6, [sp, #48]
  bne 1b
  eonc_leave
