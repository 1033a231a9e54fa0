#include "../common/mve.S"

/*
 * void columns(int8_t *strip, const int8_t *input, int32_t columns, const eonc_depthwise_mve *shape, int32_t channels)
 * copies a tap of each of some columns, at least one, of a row into a strip: its channels, at most 16, each to their
 * own
 * place there.
 */
  eonc_mve_function EONC_SYMBOL(depthwise_conv_2d_s8_mve_columns)
  push {r4, r5, r6, lr}
  ldr r12, [sp, #16]
  ldr r4, [r3, #20]
  ldr r5, [r3, #24]
  ldr r6, [r3, #4]
  mov lr, #0
  vidup.u16 q2, lr, #1
  vmul.i16 q2, q2, r6
  dls lr, r2
  cmp r12, #8
  bgt 2f
  vctp.16 r12
1:
  vpstt
  vldrbt.u16 q0, [r1]
  vstrbt.16 q0, [r0, q2]
  add r1, r1, r4
  add r0, r0, r5
  le lr, 1b
  pop {r4, r5, r6, pc}
2:
  lsl r6, r6, #3
  vadd.i16 q3, q2, r6
  sub r12, r12, #8
  vctp.16 r12
3:
  vldrb.u16 q0, [r1]
  vstrb.16 q0, [r0, q2]
  vpstt
  vldrbt.u16 q1, [r1, #8]
  vstrbt.16 q1, [r0, q3]
  add r1, r1, r4
  add r0, r0, r5
  le lr, 3b
  pop {r4, r5, r6, pc}

/*
 * void outputs(const int8_t *strip, int8_t *output, const eonc_depthwise_group_mve *group,
 *              const eonc_depthwise_mve *shape)
 * computes all pixels of four channels, then of the next four; the last four may have been computed in part. `linear`
 * and
 * `relu` hold the weights of a window in a vector. They read sixteen taps: what is behind a window meets weights of
 * zero.
 */

/* To the channel r4 of the next four, if there are any: sp + 16 is the channel, sp + 8 the group. */
  .macro eonc_mve_next_channels begin
  ldr r4, [sp, #16]
  ldr r2, [sp, #8]
  ldr r2, [r2, #16]
  add r4, r4, #4
  cmp r4, r2
  bge 9f
  sub r2, r2, #4
  cmp r4, r2
  it gt
  movgt r4, r2
  str r4, [sp, #16]
  b \begin
9:
  add sp, sp, #20
  .endm

/* The four channels from r4 on: bias at r5, scales in q2 and q3, weights at r8, taps in r9. Changes r6, r7 and r10. */
  .macro eonc_mve_channels
  ldrd r2, r3, [sp, #8]
  ldrd r5, r6, [r2]
  ldrd r7, r8, [r2, #8]
  ldrd r9, r10, [r3]
  add r5, r5, r4, lsl #2
  add r6, r6, r4, lsl #2
  add r7, r7, r4
  vldrw.32 q2, [r6]
  vldrb.s32 q3, [r7]
  mla r8, r4, r9, r8
  .endm

  .macro eonc_mve_window sum, taps, weights
  vldrb.8 q0, [\taps]
  add \taps, \taps, r12
  vmladav.s8 \sum, q0, \weights
  .endm

  .macro eonc_mve_depthwise linear
  push {r4-r11, lr}
  vpush {d8-d15}
  mov r4, #0
  push {r0-r4} /* strip at sp, output, group, shape, channel */
1:
  eonc_mve_channels
  vctp.8 r9
  add r0, r8, r9
  add r6, r0, r9
  add r7, r6, r9
  vpstttt
  vldrbt.8 q4, [r8]
  vldrbt.8 q5, [r0]
  vldrbt.8 q6, [r6]
  vldrbt.8 q7, [r7]
  ldrd r0, r1, [sp]
  mla r7, r4, r10, r0
  add r8, r7, r10
  add r9, r8, r10
  add r10, r9, r10
  add r1, r1, r4
  ldr lr, [r2, #20]
  ldr r11, [r3, #16]
  ldrd r12, r3, [r3, #8]
  dls lr, lr
2:
  eonc_mve_window r0, r7, q4
  eonc_mve_window r2, r8, q5
  eonc_mve_window r4, r9, q6
  eonc_mve_window r6, r10, q7
  vldrw.32 q1, [r5]
  vmov q0[2], q0[0], r0, r4
  vmov q0[3], q0[1], r2, r6
  vadd.i32 q0, q0, q1
  eonc_mve_scale q0, q2, q3, \linear, q1
  vadd.i32 q0, q0, r11
  vqmovnb.s32 q0, q0
  vqmovnb.s16 q0, q0
  vstrb.32 q0, [r1]
  add r1, r1, r3
  le lr, 2b
  eonc_mve_next_channels 1b
  vpop {d8-d15}
  pop {r4-r11, pc}
  .endm

  eonc_mve_function EONC_SYMBOL(depthwise_conv_2d_s8_mve_linear)
  eonc_mve_depthwise 1
  eonc_mve_function EONC_SYMBOL(depthwise_conv_2d_s8_mve_relu)
  eonc_mve_depthwise 0

/* Windows of any size: those of a pixel of the channels one after the other. */
  .macro eonc_mve_large_window sum
  mov r7, r11
  mov r3, r12
  mov \sum, #0
  dlstp.8 lr, r9
3:
  vldrb.8 q0, [r7], #16
  vldrb.8 q1, [r3], #16
  vmladava.s8 \sum, q0, q1
  letp lr, 3b
  add r11, r11, r10
  add r12, r12, r9
  .endm

  eonc_mve_function EONC_SYMBOL(depthwise_conv_2d_s8_mve_large)
  push {r4-r11, lr}
  vpush {d8-d9}
  mov r4, #0
  sub sp, sp, #8 /* pixels left at sp + 20, the first channel's window at sp + 24 */
  push {r0-r4}
1:
  eonc_mve_channels
  ldr r0, [r2, #20]
  str r0, [sp, #20]
  ldr r3, [r3, #16]
  vdup.32 q4, r3
  ldrd r0, r1, [sp]
  mla r0, r4, r10, r0
  str r0, [sp, #24]
  add r1, r1, r4
2:
  ldr r11, [sp, #24]
  mov r12, r8
  eonc_mve_large_window r0
  eonc_mve_large_window r2
  eonc_mve_large_window r4
  eonc_mve_large_window r6
  vldrw.32 q1, [r5]
  vmov q0[2], q0[0], r0, r4
  vmov q0[3], q0[1], r2, r6
  vadd.i32 q0, q0, q1
  eonc_mve_scale q0, q2, q3, 1, q1
  vadd.i32 q0, q0, q4
  vqmovnb.s32 q0, q0
  vqmovnb.s16 q0, q0
  vstrb.32 q0, [r1]
  ldr r3, [sp, #12]
  ldrd r3, r7, [r3, #8]
  add r1, r1, r7
  ldrd r7, r0, [sp, #20]
  add r0, r0, r3
  subs r7, r7, #1
  strd r7, r0, [sp, #20]
  bne 2b
  eonc_mve_next_channels 1b
  add sp, sp, #8
  vpop {d8-d9}
  pop {r4-r11, pc}
