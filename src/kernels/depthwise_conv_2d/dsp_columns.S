#include "../common/dsp.S"

/*
 * Filters of 3x3 by columns, channel by channel:
 *   void columns(const int8_t *row_0, const int8_t *row_1, const int8_t *row_2, int32_t step, uint32_t *to,
 *                const uint32_t *end)
 * gathers four channels of columns, `step` bytes apart in each row, and
 *   void outputs_N_S(const uint32_t *columns, const int32_t *stream, const int32_t *end, int8_t *output,
 *                    int32_t distance, int32_t odd)
 * makes N outputs of as many channels as there are in the stream up to its end; their windows are S columns, outputs
 * `distance` bytes apart; `odd` is twice the output zero point and 1. Layouts are those of README.md; those named
 * `wide` read twice the weights in half words and the rounding constant, and no `odd`.
 */

  eonc_function EONC_SYMBOL(depthwise_conv_2d_s8_dsp_columns)
  push {r4-r11, lr}
  mov r11, r3
  mov r3, #0
  ldrd r12, lr, [sp, #36]
1:
  ldr r7, [r0, r3]
  ldr r5, [r1, r3]
  ldr r6, [r2, r3]
  add r3, r3, r11
  sxtb16 r10, r7, ror #8 /* channels 1 and 3 in r10, r8, r9; 0 and 2 in r7, r5, r6 */
  sxtb16 r7, r7
  sxtb16 r8, r5, ror #8
  sxtb16 r5, r5
  sxtb16 r9, r6, ror #8
  sxtb16 r6, r6
  pkhbt r4, r7, r5, lsl #16
  pkhtb r5, r5, r7, asr #16
  pkhbt r7, r10, r8, lsl #16
  pkhtb r8, r8, r10, asr #16
  stm r12!, {r4, r6, r7, r9}
  asr r6, r6, #16
  asr r9, r9, #16
  stm r12!, {r5, r6, r8, r9}
  cmp r12, lr
  bne 1b
  pop {r4-r11, pc}

/*
 * What a column adds to the output `sum` that starts at column `start`. In r12: rows 0 and 1; in lr: row 2. Weights of
 * rows 0 and 1 are in r2, r3 and r4, those of row 2 in r5 and in the upper half of r6. The first product is added to
 * r7, the bias.
 */
  .macro eonc_depthwise_column sum, column, start
  .if \column == \start
  smlad \sum, r12, r2, r7
  smlabb \sum, lr, r5, \sum
  .elseif \column == \start + 1
  smlad \sum, r12, r3, \sum
  smlabt \sum, lr, r5, \sum
  .elseif \column == \start + 2
  smlad \sum, r12, r4, \sum
  smlabt \sum, lr, r6, \sum
  .endif
  .endm

/* An output to a place: `sum` is the accumulator, or twice that. */
  .macro eonc_depthwise_put sum, linear, wide, place:vararg
  .if \wide && \linear
  eonc_scale lr, \sum, r2, r3, r6
  strb lr, \place
  .elseif \wide
  eonc_scale_relu \sum, r2, r3, r6
  strb \sum, \place
  .elseif \linear
  lsl \sum, \sum, #1
  eonc_scale_by_two lr, \sum, r2, r3, r6
  strb lr, \place
  .else
  lsl \sum, \sum, #1
  eonc_scale_by_two_relu \sum, r2, r3, r6
  strb \sum, \place
  .endif
  .endm

/* The fifth output takes the register of the bias, which nothing else needs by then. */
  .macro eonc_depthwise_columns count, stride, linear, wide
  push {r4-r11, lr}
  ldr r12, [sp, #36]
  push {r2, r3, r12} /* end, output, distance at sp + 0, 4, 8; odd at sp + 52 */
1:
  .if \wide
  ldm r1!, {r2-r7}
  .else
  ldm r1!, {r2, r4, r6, r7}
  sxtb16 r3, r2, ror #8
  sxtb16 r2, r2
  sxtb16 r5, r4, ror #8
  sxtb16 r4, r4
  .endif
  .set eonc_at, 0
  .rept (\count - 1) * \stride + 3
  ldrd r12, lr, [r0, #32 * eonc_at]
  eonc_depthwise_column r8, eonc_at, 0
  eonc_depthwise_column r9, eonc_at, \stride
  eonc_depthwise_column r10, eonc_at, 2 * \stride
  .if \count > 3
  eonc_depthwise_column r11, eonc_at, 3 * \stride
  .endif
  .if \count > 4
  eonc_depthwise_column r7, eonc_at, 4 * \stride
  .endif
  .set eonc_at, eonc_at + 1
  .endr
  .if \wide
  ldm r1!, {r2, r3}
  .else
  ldr r2, [r1], #4
  ldr r3, [sp, #52]
  lsl r3, r3, r6
  .endif
  ldrd r4, r5, [sp, #4]
  add r12, r4, #1
  str r12, [sp, #4]
  eonc_depthwise_put r8, \linear, \wide, [r4]
  eonc_depthwise_put r9, \linear, \wide, [r4, r5]
  eonc_depthwise_put r10, \linear, \wide, [r4, r5, lsl #1]
  .if \count > 4
  eonc_depthwise_put r7, \linear, \wide, [r4, r5, lsl #2]
  .endif
  .if \count > 3
  add r4, r4, r5
  eonc_depthwise_put r11, \linear, \wide, [r4, r5, lsl #1]
  .endif
  add r0, r0, #8
  ldr r12, [sp]
  cmp r1, r12
  bne 1b
  add sp, sp, #12
  pop {r4-r11, pc}
  .endm

  .macro eonc_depthwise_columns_of count, stride
  eonc_function EONC_SYMBOL(depthwise_conv_2d_s8_dsp_outputs_\count\()_\stride\()_linear)
  eonc_depthwise_columns \count, \stride, 1, 0
  eonc_function EONC_SYMBOL(depthwise_conv_2d_s8_dsp_outputs_\count\()_\stride\()_relu)
  eonc_depthwise_columns \count, \stride, 0, 0
  eonc_function EONC_SYMBOL(depthwise_conv_2d_s8_dsp_outputs_\count\()_\stride\()_linear_wide)
  eonc_depthwise_columns \count, \stride, 1, 1
  eonc_function EONC_SYMBOL(depthwise_conv_2d_s8_dsp_outputs_\count\()_\stride\()_relu_wide)
  eonc_depthwise_columns \count, \stride, 0, 1
  .endm

  .irp count, 3, 4, 5
  eonc_depthwise_columns_of \count, 1
  eonc_depthwise_columns_of \count, 2
  .endr
