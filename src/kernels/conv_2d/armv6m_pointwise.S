#include "../common/armv6m_dot.S"

/*
 * The outputs of pixels whose windows are single pixels of the input, weights of two bytes; a core for each scaling:
 *   void outputs(const int8_t *input, const eonc_pointwise_armv6m *pixels)
 * The struct is that of armv6m_pointwise.h. Labels are those that `eonc_dot` does not have.
 */

/* Stores r2 as a byte `at` behind r7; what saturates is out of the way, in `eonc_store_saturated`. */
  .macro eonc_store at
  sxtb r0, r2
  cmp r0, r2
  bne 6\at\()f
5\at\():
  strb r0, [r7, #\at]
  .endm

  .macro eonc_store_saturated at
6\at\():
  eonc_saturate
  b 5\at\()b
  .endm

  .macro eonc_pointwise parts, linear
  eonc_enter r0, r1, r2
  ldr r0, [r1]
  mov r11, r0 /* words */
  ldr r0, [r1, #8]
  mov r8, r0 /* end of the words */
  ldr r0, [r1, #24]
  mov r9, r0 /* output */
  ldr r0, [r1, #28]
  mov lr, r0 /* end of the outputs */
  movs r0, #128
  adds r0, r0, r0
  mov r10, r0
11:
  ldr r0, [sp]
  ldr r6, [sp, #4]
  ldr r6, [r6, #4]
  mov r7, r11
  movs r4, #0
  movs r5, #2
12:
  eonc_widen_two r1, r3, r0
  adds r0, r0, #1
  eonc_widen_two r2, r3, r0
  adds r0, r0, #3
  stmia r7!, {r1, r2}
  cmp r7, r6
  bne 12b
  ldr r6, [sp, #4]
  ldr r1, [r6, #12]
  adds r0, r0, r1
  str r0, [sp]
  ldr r1, [r6, #20]
  add r1, r1, r9
  subs r1, r1, #1
  mov r12, r1 /* where the last channel goes */
  ldr r6, [r6, #16]
13:
  mov r7, r11
  ldmia r6!, {r4, r5}
  eonc_dot 1
  mov r7, r9
  eonc_scale_sum \parts, \linear, r4, r6, 0, r10
  eonc_store 0
  cmp r7, r12
  beq 14f
  eonc_scale_sum \parts, \linear, r5, r6, 8, r10
  eonc_store 1
  adds r7, r7, #2
  mov r9, r7
  adds r6, r6, #16
  cmp r7, r12
  bls 13b
  b 15f
14:
  adds r7, r7, #1
  mov r9, r7
15:
  cmp r7, lr
  beq 16f
  b 11b
16:
  eonc_leave
  eonc_store_saturated 0
  eonc_store_saturated 1
  .endm

  eonc_function EONC_SYMBOL(conv_2d_s8_armv6m_pointwise_3_linear)
  eonc_pointwise 3, 1
  eonc_function EONC_SYMBOL(conv_2d_s8_armv6m_pointwise_3_relu)
  eonc_pointwise 3, 0
  eonc_function EONC_SYMBOL(conv_2d_s8_armv6m_pointwise_4_linear)
  eonc_pointwise 4, 1
  eonc_function EONC_SYMBOL(conv_2d_s8_armv6m_pointwise_4_relu)
  eonc_pointwise 4, 0
