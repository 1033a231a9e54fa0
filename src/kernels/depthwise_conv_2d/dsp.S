#include "../common/dsp.S"

/*
 * Channels of windows, in blocks of 4, each from the same channel of the input:
 *   void pair(const int8_t *const *taps, const int8_t *const *end, const int32_t *stream, int32_t blocks,
 *             int8_t *output, int32_t distance)
 * for two pixels, the second one's output `distance` bytes behind the first one's, and
 *   void single(the same without distance)
 * for one. `taps` holds for each tap of the window where it lies for either pixel; there is a multiple of 3 of them.
 */

/* One tap of one pixel, of which r12 is the block's first channel; weights are in r1 (channels 0, 2) and r3 (1, 3). */
  .macro eonc_depthwise_products sum_0, sum_1, sum_2, sum_3, low, high
  sxtb16 \low, \high
  sxtb16 \high, \high, ror #8
  smlabb \sum_0, \low, r1, \sum_0
  smlatt \sum_2, \low, r1, \sum_2
  smlabb \sum_1, \high, r3, \sum_1
  smlatt \sum_3, \high, r3, \sum_3
  .endm

/* An output of either pixel, twice `first` and twice `second`. */
  .macro eonc_depthwise_outputs first, second, spare, linear
  ldm r2!, {r1, r3, r12}
  lsl \second, \second, #1
  lsl \first, \first, #1
  .if \linear
  eonc_scale \spare, \second, r1, r3, r12
  strb \spare, [r0, lr]
  eonc_scale \spare, \first, r1, r3, r12
  strb \spare, [r0], #1
  .else
  eonc_scale_relu \second, r1, r3, r12
  strb \second, [r0, lr]
  eonc_scale_relu \first, r1, r3, r12
  strb \first, [r0], #1
  .endif
  .endm

  .macro eonc_depthwise_pair linear
  push {r4-r11, lr}
  mov r12, #0
  push {r0, r1, r3, r12} /* taps, end, blocks, channel at sp + 0, 4, 8, 12; output and distance at sp + 52, 56 */
1:
  ldm r2!, {r4-r7}
  mov r8, r4
  mov r9, r5
  mov r10, r6
  mov r11, r7
2:
  .rept 3
  ldr r1, [r2], #4
  sxtb16 r3, r1, ror #8
  sxtb16 r1, r1
  ldr r12, [sp, #12]
  ldr lr, [r0], #4
  ldr lr, [lr, r12]
  eonc_depthwise_products r4, r5, r6, r7, r12, lr
  ldr r12, [sp, #12]
  ldr lr, [r0], #4
  ldr lr, [lr, r12]
  eonc_depthwise_products r8, r9, r10, r11, r12, lr
  .endr
  ldr r1, [sp, #4]
  cmp r0, r1
  bne 2b
  ldr r0, [sp, #52]
  .if \linear
  /* the first output needs a register that only it sets free */
  ldm r2!, {r1, r3, r12}
  lsl r4, r4, #1
  eonc_scale lr, r4, r1, r3, r12
  strb lr, [r0]
  ldr lr, [sp, #56]
  lsl r8, r8, #1
  eonc_scale r4, r8, r1, r3, r12
  strb r4, [r0, lr]
  add r0, r0, #1
  .else
  ldr lr, [sp, #56]
  eonc_depthwise_outputs r4, r8, r4, \linear
  .endif
  eonc_depthwise_outputs r5, r9, r4, \linear
  eonc_depthwise_outputs r6, r10, r4, \linear
  eonc_depthwise_outputs r7, r11, r4, \linear
  str r0, [sp, #52]
  ldrd r3, r12, [sp, #8]
  add r12, r12, #4
  subs r3, r3, #1
  strd r3, r12, [sp, #8]
  ldr r0, [sp]
  bne 1b
  add sp, sp, #16
  pop {r4-r11, pc}
  .endm

  .macro eonc_depthwise_output sum, linear
  ldm r2!, {r1, r3, r12}
  lsl \sum, \sum, #1
  .if \linear
  eonc_scale lr, \sum, r1, r3, r12
  strb lr, [r11], #1
  .else
  eonc_scale_relu \sum, r1, r3, r12
  strb \sum, [r11], #1
  .endif
  .endm

  .macro eonc_depthwise_single linear
  push {r3-r11, lr} /* blocks at sp + 0; output at sp + 40 */
  ldr r11, [sp, #40]
  mov r8, r0
  mov r9, r1
  mov r10, #0 /* channel */
1:
  ldm r2!, {r4-r7}
2:
  .rept 3
  ldr r1, [r2], #4
  sxtb16 r3, r1, ror #8
  sxtb16 r1, r1
  ldr lr, [r0], #8
  ldr lr, [lr, r10]
  eonc_depthwise_products r4, r5, r6, r7, r12, lr
  .endr
  cmp r0, r9
  bne 2b
  eonc_depthwise_output r4, \linear
  eonc_depthwise_output r5, \linear
  eonc_depthwise_output r6, \linear
  eonc_depthwise_output r7, \linear
  mov r0, r8
  add r10, r10, #4
  ldr r3, [sp]
  subs r3, r3, #1
  str r3, [sp]
  bne 1b
  pop {r3-r11, pc}
  .endm

  eonc_function EONC_SYMBOL(depthwise_conv_2d_s8_dsp_pair_linear)
  eonc_depthwise_pair 1
  eonc_function EONC_SYMBOL(depthwise_conv_2d_s8_dsp_pair_relu)
  eonc_depthwise_pair 0
  eonc_function EONC_SYMBOL(depthwise_conv_2d_s8_dsp_single_linear)
  eonc_depthwise_single 1
  eonc_function EONC_SYMBOL(depthwise_conv_2d_s8_dsp_single_relu)
  eonc_depthwise_single 0
