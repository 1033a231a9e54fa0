#include "dsp.S"

/*
 * The same as in dsp.S, but that sums begin with the biases and a scale is three words:
 *   void pair(const uint32_t *window, const uint32_t *end, const int32_t *stream, int32_t blocks, int8_t *output,
 *             int32_t distance)
 *   void single(const uint32_t *window, const uint32_t *end, const int32_t *stream, int32_t blocks, int8_t *output)
 */

  .macro eonc_conv_wide_pair linear
  push {r0, r1, r3-r11, lr}
  /* a turn takes 16 inputs; an odd number of 8 begins in its middle */
  sub r1, r1, r0
  adr.w r12, 2f
  tst r1, #32
  it ne
  addne r12, r12, #(3f - 2f)
  add r12, r12, #1
  push {r12} /* begin of a turn, window, end, blocks at sp + 0, 4, 8, 12; output and distance at sp + 52, 56 */
1:
  ldrd r4, r5, [r2], #8 /* P00 Q00 */
  ldrd r6, r7, [r2], #8 /* P10 Q10 */
  mov r8, r4 /* P01 */
  mov r9, r5 /* Q01 */
  mov r10, r6 /* P11 */
  mov r11, r7 /* Q11 */
  ldr pc, [sp]
2:
  .rept 4
  eonc_conv_products
  .endr
3:
  .rept 4
  eonc_conv_products
  .endr
  ldr r1, [sp, #8]
  cmp r0, r1
  bne 2b
  sub r4, r4, r5 /* 256 * B */
  sub r8, r8, r9
  sub r6, r6, r7
  sub r10, r10, r11
  ldr r0, [sp, #52]
  .if \linear
  ldm r2!, {r1, r3, r12}
  lsl r5, r5, #1
  eonc_scale lr, r5, r1, r3, r12
  strb lr, [r0]
  ldr lr, [sp, #56]
  lsl r9, r9, #1
  eonc_scale r5, r9, r1, r3, r12
  strb r5, [r0, lr]
  add r0, r0, #1
  ldm r2!, {r1, r3, r12}
  asr r8, r8, #7
  eonc_scale r5, r8, r1, r3, r12
  strb r5, [r0, lr]
  asr r4, r4, #7
  eonc_scale r5, r4, r1, r3, r12
  strb r5, [r0], #1
  ldm r2!, {r1, r3, r12}
  lsl r11, r11, #1
  eonc_scale r5, r11, r1, r3, r12
  strb r5, [r0, lr]
  lsl r7, r7, #1
  eonc_scale r5, r7, r1, r3, r12
  strb r5, [r0], #1
  ldm r2!, {r1, r3, r12}
  asr r10, r10, #7
  eonc_scale r5, r10, r1, r3, r12
  strb r5, [r0, lr]
  asr r6, r6, #7
  eonc_scale r5, r6, r1, r3, r12
  strb r5, [r0], #1
  .else
  ldr lr, [sp, #56]
  ldm r2!, {r1, r3, r12}
  lsl r9, r9, #1
  eonc_scale_relu r9, r1, r3, r12
  strb r9, [r0, lr]
  lsl r5, r5, #1
  eonc_scale_relu r5, r1, r3, r12
  strb r5, [r0], #1
  ldm r2!, {r1, r3, r12}
  eonc_scale_relu_256 r8, r1, r3, r12
  strb r8, [r0, lr]
  eonc_scale_relu_256 r4, r1, r3, r12
  strb r4, [r0], #1
  ldm r2!, {r1, r3, r12}
  lsl r11, r11, #1
  eonc_scale_relu r11, r1, r3, r12
  strb r11, [r0, lr]
  lsl r7, r7, #1
  eonc_scale_relu r7, r1, r3, r12
  strb r7, [r0], #1
  ldm r2!, {r1, r3, r12}
  eonc_scale_relu_256 r10, r1, r3, r12
  strb r10, [r0, lr]
  eonc_scale_relu_256 r6, r1, r3, r12
  strb r6, [r0], #1
  .endif
  str r0, [sp, #52]
  ldr r3, [sp, #12]
  subs r3, r3, #1
  str r3, [sp, #12]
  ldr r0, [sp, #4]
  bne 1b
  add sp, sp, #16
  pop {r4-r11, pc}
  .endm

  .macro eonc_conv_wide_single linear
  push {r4-r11, lr} /* output at sp + 36 */
  ldr lr, [sp, #36]
  mov r10, r0
1:
  ldrd r4, r5, [r2], #8 /* P0 Q0 */
  ldrd r6, r7, [r2], #8 /* P1 Q1 */
2:
  .rept 4
  ldr r12, [r0], #8
  ldrd r8, r9, [r2], #8
  smlad r4, r12, r8, r4
  sxtb16 r8, r8
  smlad r6, r12, r9, r6
  sxtb16 r9, r9
  smlad r5, r12, r8, r5
  smlad r7, r12, r9, r7
  .endr
  cmp r0, r1
  bne 2b
  mov r0, r10
  sub r4, r4, r5 /* 256 * B */
  sub r6, r6, r7
  ldm r2!, {r8, r9, r12}
  lsl r5, r5, #1
  .if \linear
  eonc_scale r11, r5, r8, r9, r12
  strb r11, [lr], #1
  ldm r2!, {r8, r9, r12}
  asr r4, r4, #7
  eonc_scale r11, r4, r8, r9, r12
  strb r11, [lr], #1
  ldm r2!, {r8, r9, r12}
  lsl r7, r7, #1
  eonc_scale r11, r7, r8, r9, r12
  strb r11, [lr], #1
  ldm r2!, {r8, r9, r12}
  asr r6, r6, #7
  eonc_scale r11, r6, r8, r9, r12
  strb r11, [lr], #1
  .else
  eonc_scale_relu r5, r8, r9, r12
  strb r5, [lr], #1
  ldm r2!, {r8, r9, r12}
  eonc_scale_relu_256 r4, r8, r9, r12
  strb r4, [lr], #1
  ldm r2!, {r8, r9, r12}
  lsl r7, r7, #1
  eonc_scale_relu r7, r8, r9, r12
  strb r7, [lr], #1
  ldm r2!, {r8, r9, r12}
  eonc_scale_relu_256 r6, r8, r9, r12
  strb r6, [lr], #1
  .endif
  subs r3, r3, #1
  bne 1b
  pop {r4-r11, pc}
  .endm

  eonc_function EONC_SYMBOL(conv_2d_s8_dsp_wide_pair_linear)
  eonc_conv_wide_pair 1
  eonc_function EONC_SYMBOL(conv_2d_s8_dsp_wide_pair_relu)
  eonc_conv_wide_pair 0
  eonc_function EONC_SYMBOL(conv_2d_s8_dsp_wide_single_linear)
  eonc_conv_wide_single 1
  eonc_function EONC_SYMBOL(conv_2d_s8_dsp_wide_single_relu)
  eonc_conv_wide_single 0
