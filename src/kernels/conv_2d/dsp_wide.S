#include "dsp.S"

/*
 * The same as in dsp.S, but that sums begin with the biases and a scale is three words:
 *   void pair(const uint32_t *window, const uint32_t *end, const int32_t *stream, int32_t blocks, int8_t *output,
 *             int32_t distance)
 *   void single(const uint32_t *window, const uint32_t *end, const int32_t *stream, int32_t blocks, int8_t *output)
 */

  .macro eonc_conv_wide_pair linear
  push {r0, r1, r3-r11, lr}
  eonc_conv_pair_begin
  push {r12} /* begin of a turn, window, end, blocks at sp + 0, 4, 8, 12; output and distance at sp + 52, 56 */
1:
  ldrd r4, r5, [r2], #8 /* P00 Q00 */
  ldrd r6, r7, [r2], #8 /* P10 Q10 */
  mov r8, r4 /* P01 */
  mov r9, r5 /* Q01 */
  mov r10, r6 /* P11 */
  mov r11, r7 /* Q11 */
  eonc_conv_pair_sums
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
  eonc_conv_pair_next
  .endm

  .macro eonc_conv_wide_single linear
  push {r4-r11, lr} /* output at sp + 36 */
  ldr lr, [sp, #36]
  mov r10, r0
1:
  ldrd r4, r5, [r2], #8 /* P0 Q0 */
  ldrd r6, r7, [r2], #8 /* P1 Q1 */
  eonc_conv_single_sums
  mov r0, r10
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
