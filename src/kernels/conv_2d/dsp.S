#include "../common/dsp.S"

/*
 * Windows times blocks of 4 output channels:
 *   void pair(const uint32_t *window, const uint32_t *end, const int32_t *stream, int32_t blocks, int8_t *output,
 *             int32_t distance, int32_t odd, int32_t relu)
 * for two pixels, the second one's output `distance` bytes behind the first one's, and
 *   void single(const uint32_t *window, const uint32_t *end, const int32_t *stream, int32_t blocks, int8_t *output,
 *               int32_t odd)
 * for one. Layouts of `window` and `stream` are those of README.md; a window is a multiple of 8 inputs. `odd` is twice
 * the output zero point and 1; `relu` is not 0 where what is below the zero point is cut off.
 *
 * Of a pair of channels A and B, P sums up 256 * B + A and Q sums up A. Names: P and Q, pair of channels, pixel.
 */

/* 16 products of two inputs of either pixel. */
  .macro eonc_conv_products
  ldrd r12, lr, [r0], #8 /* the inputs of either pixel */
  ldrd r1, r3, [r2], #8 /* the weights of either pair */
  smlad r4, r12, r1, r4
  smlad r8, lr, r1, r8
  sxtb16 r1, r1
  smlad r6, r12, r3, r6
  smlad r10, lr, r3, r10
  sxtb16 r3, r3
  smlad r5, r12, r1, r5
  smlad r9, lr, r1, r9
  smlad r7, r12, r3, r7
  smlad r11, lr, r3, r11
  .endm

/* Where a turn of the sums of pairs begins, in r12. */
  .macro eonc_conv_pair_begin
  /* a turn takes 16 inputs; an odd number of 8 begins in its middle */
  sub r1, r1, r0
  adr.w r12, 2f
  tst r1, #32
  it ne
  addne r12, r12, #(3f - 2f)
  add r12, r12, #1
  .endm

/* The sums of a block for both pixels: 256 * B in the places of P. */
  .macro eonc_conv_pair_sums
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
  .endm

/* The next block for both pixels, or the end. */
  .macro eonc_conv_pair_next
  str r0, [sp, #52]
  ldr r3, [sp, #12]
  subs r3, r3, #1
  str r3, [sp, #12]
  ldr r0, [sp, #4]
  bne 1b
  add sp, sp, #16
  pop {r4-r11, pc}
  .endm

/* The sums of a block for one pixel. */
  .macro eonc_conv_single_sums
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
  sub r4, r4, r5 /* 256 * B */
  sub r6, r6, r7
  .endm

/*
 * One channel of both pixels, whose sums are `first` and `second`, moved as `by` says: scales in r1, r3 and r12, output
 * in r0, distance in lr, `odd` in r9. r5 is free.
 */
  .macro eonc_conv_channel first, second, linear, by:vararg
  eonc_load_scale r2, r1, r3, r12, r9, r5
  add \second, r5, \second, \by
  add \first, r5, \first, \by
  .if \linear
  eonc_scale_by_two r5, \second, r1, r12, r3
  strb r5, [r0, lr]
  eonc_scale_by_two r5, \first, r1, r12, r3
  strb r5, [r0], #1
  .else
  eonc_scale_by_two_relu \second, r1, r12, r3
  strb \second, [r0, lr]
  eonc_scale_by_two_relu \first, r1, r12, r3
  strb \first, [r0], #1
  .endif
  .endm

/* The channels behind the first one, which sets r5 and r9 free. */
  .macro eonc_conv_channels linear
  ldr r9, [sp, #60]
  eonc_conv_channel r4, r8, \linear, asr #7
  eonc_conv_channel r7, r11, \linear, lsl #1
  eonc_conv_channel r6, r10, \linear, asr #7
  .endm

  eonc_function EONC_SYMBOL(conv_2d_s8_dsp_pair)
  push {r0, r1, r3-r11, lr}
  eonc_conv_pair_begin
  /* begin of a turn, window, end, blocks at sp + 0, 4, 8, 12; output, distance, odd, relu at sp + 52, 56, 60, 64 */
  push {r12}
1:
  movs r4, #0 /* P00 */
  movs r5, #0 /* Q00 */
  movs r6, #0 /* P10 */
  movs r7, #0 /* Q10 */
  mov r8, #0 /* P01 */
  mov r9, #0 /* Q01 */
  mov r10, #0 /* P11 */
  mov r11, #0 /* Q11 */
  eonc_conv_pair_sums
  ldr r0, [sp, #52]
  ldrd r12, r3, [sp, #60]
  cmp r3, #0
  eonc_load_scale r2, r1, r3, r12, r12, lr
  add r9, lr, r9, lsl #1
  add r5, lr, r5, lsl #1
  beq 4f
  ldr lr, [sp, #56]
  eonc_scale_by_two_relu r9, r1, r12, r3
  strb r9, [r0, lr]
  eonc_scale_by_two_relu r5, r1, r12, r3
  strb r5, [r0], #1
  eonc_conv_channels 0
5:
  eonc_conv_pair_next
4:
  eonc_scale_by_two lr, r5, r1, r12, r3
  strb lr, [r0]
  ldr lr, [sp, #56]
  eonc_scale_by_two r5, r9, r1, r12, r3
  strb r5, [r0, lr]
  add r0, r0, #1
  eonc_conv_channels 1
  b 5b

/* An output: the sum, moved as `by` says. */
  .macro eonc_conv_output sum, by:vararg
  eonc_load_scale r2, r8, r9, r12, r0, r11
  add \sum, r11, \sum, \by
  eonc_scale_by_two r11, \sum, r8, r12, r9
  strb r11, [lr], #1
  .endm

  eonc_function EONC_SYMBOL(conv_2d_s8_dsp_single)
  push {r4-r11, lr} /* output and odd at sp + 36, 40 */
  ldr lr, [sp, #36]
  mov r10, r0
1:
  movs r4, #0 /* P0 */
  movs r5, #0 /* Q0 */
  movs r6, #0 /* P1 */
  movs r7, #0 /* Q1 */
  eonc_conv_single_sums
  ldr r0, [sp, #40]
  eonc_conv_output r5, lsl #1
  eonc_conv_output r4, asr #7
  eonc_conv_output r7, lsl #1
  eonc_conv_output r6, asr #7
  mov r0, r10
  subs r3, r3, #1
  bne 1b
  pop {r4-r11, pc}
