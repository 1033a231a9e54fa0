#include "../common/dsp.S"

/*
 * A vector times blocks of 8 outputs; `input` up to `end` is a multiple of 4 elements:
 *   void blocks(const int8_t *input, const int8_t *end, const int32_t *stream, int32_t blocks, int8_t *output,
 *               const int32_t *scale)
 * `scale` is that of every output, or null where each has its own in the stream.
 * Sums P and Q are as in conv_2d; the stream's layout is that of README.md.
 */

/* 8 products of two inputs: `inputs` has one in either half. */
  .macro eonc_dense_products inputs
  ldrd r1, r3, [r2], #8
  smlad r4, \inputs, r1, r4
  sxtb16 r1, r1
  smlad r6, \inputs, r3, r6
  sxtb16 r3, r3
  smlad r5, \inputs, r1, r5
  smlad r7, \inputs, r3, r7
  ldrd r1, r3, [r2], #8
  smlad r8, \inputs, r1, r8
  sxtb16 r1, r1
  smlad r10, \inputs, r3, r10
  sxtb16 r3, r3
  smlad r9, \inputs, r1, r9
  smlad r11, \inputs, r3, r11
  .endm

/* Outputs A and B of a pair of channels. The scale is in r1, r3, r12; where the condition is EQ, each has its own. */
  .macro eonc_dense_outputs p, q
  sub \p, \p, \q /* 256 * B */
  lsl \q, \q, #1
  eonc_scale lr, \q, r1, r3, r12
  strb lr, [r0], #1
  it eq
  ldmeq r2!, {r1, r3, r12}
  asr \p, \p, #7
  eonc_scale lr, \p, r1, r3, r12
  strb lr, [r0], #1
  .endm

  eonc_function EONC_SYMBOL(fully_connected_s8_dsp_blocks)
  push {r0, r1, r3-r11, lr} /* input, end, blocks at sp + 0, 4, 8; output and scale at sp + 48, 52 */
1:
  ldm r2!, {r4-r11} /* P0 Q0 P1 Q1 P2 Q2 P3 Q3 */
2:
  ldr lr, [r0], #4
  sxtb16 r12, lr
  sxtb16 lr, lr, ror #8
  eonc_dense_products r12
  eonc_dense_products lr
  ldr r1, [sp, #4]
  cmp r0, r1
  bne 2b
  ldrd r0, r12, [sp, #48]
  cmp r12, #0 /* the condition of all that follows: nothing there sets flags */
  ite eq
  ldmeq r2!, {r1, r3, r12}
  ldmne r12, {r1, r3, r12}
  eonc_dense_outputs r4, r5
  .irp pair, "r6, r7", "r8, r9", "r10, r11"
  it eq
  ldmeq r2!, {r1, r3, r12}
  eonc_dense_outputs \pair
  .endr
  str r0, [sp, #48]
  ldr r3, [sp, #8]
  subs r3, r3, #1
  str r3, [sp, #8]
  ldr r0, [sp]
  bne 1b
  add sp, sp, #12
  pop {r4-r11, pc}
