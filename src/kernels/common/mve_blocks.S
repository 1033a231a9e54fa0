#include "mve.S"

/*
 * Input vectors times blocks of 4 output channels:
 *   void pairs(const int8_t *input, int8_t *output, const int8_t *stream, const eonc_blocks_mve *shape, int32_t pairs)
 * for two vectors at a time, which has all eight registers that sums of products can be in, and
 *   void singles(..., int32_t vectors)
 * for one at a time. `pairs` and `vectors` are at least 1. The layout of `stream` is that of README.md.
 */

/* 128 products of 16 inputs of either vector. */
  .macro eonc_mve_pair_products
  vldrb.8 q0, [r9], #16
  vldrb.8 q2, [r5], #16
  vmladava.s8 r0, q0, q2
  vldrb.8 q1, [r11], #16
  vmladava.s8 r8, q1, q2
  vldrb.8 q3, [r5], #16
  vmladava.s8 r2, q0, q3
  vmladava.s8 r10, q1, q3
  vldrb.8 q2, [r5], #16
  vmladava.s8 r4, q0, q2
  vmladava.s8 r12, q1, q2
  vldrb.8 q3, [r5], #16
  vmladava.s8 r6, q0, q3
  vmladava.s8 lr, q1, q3
  .endm

/* Products of the last r7 inputs, which are in q0 and q1 with zeros behind them: other weights may follow. */
  .macro eonc_mve_pair_rest first, second
  vldrb.8 q2, [r5]
  add r5, r5, r7
  vmladava.s8 \first, q0, q2
  vmladava.s8 \second, q1, q2
  .endm

  .macro eonc_mve_pairs linear
  push {r4-r11, lr}
  vpush {d8-d15}
  /*
   * sp + 0: begin of a turn, 4: inputs in turns of 32, 8: other inputs, 12: both vectors, 20: end of the first one's
   * outputs, 24: stream, 28: from pair to pair in the input, 32: in the output, 36: channels, 40: pairs
   */
  sub sp, sp, #44
  mov r9, r0
  ldrd r4, r6, [r3]
  ldrd r8, r10, [r3, #8]
  ldrd r12, lr, [r3, #16]
  vdup.32 q5, lr
  ldrd r0, lr, [r3, #24]
  vdup.32 q6, r0
  vdup.32 q7, lr
  add r11, r9, r10
  add r3, r1, r12
  lsl r10, r10, #1
  rsb r12, r8, r12, lsl #1
  ldr r7, [sp, #144]
  strd r2, r10, [sp, #24]
  strd r12, r8, [sp, #32]
  str r7, [sp, #40]
  /* an odd number of sixteens begins in the middle of a turn */
  adr.w r12, 3f
  tst r4, #16
  itt ne
  addne r12, r12, #(4f - 3f)
  addne r4, r4, #16
  cmp r4, #0
  it eq
  addeq r12, r12, #(5f - 3f)
  add r12, r12, #1
  strd r12, r4, [sp]
  str r6, [sp, #8]
1:
  strd r9, r11, [sp, #12]
  ldr r5, [sp, #24]
  ldr r7, [sp, #36]
  add r7, r7, r1
  str r7, [sp, #20]
2:
  ldrd r0, r2, [r5], #8
  ldrd r4, r6, [r5], #8
  mov r8, r0
  mov r10, r2
  mov r12, r4
  mov lr, r6
  ldr r7, [sp, #4]
  ldr pc, [sp]
  .p2align 2
3:
  eonc_mve_pair_products
4:
  eonc_mve_pair_products
  subs r7, r7, #32
  bne 3b
5:
  ldr r7, [sp, #8]
  cbz r7, 6f
  vctp.8 r7
  vpstt
  vldrbt.8 q0, [r9]
  vldrbt.8 q1, [r11]
  eonc_mve_pair_rest r0, r8
  eonc_mve_pair_rest r2, r10
  eonc_mve_pair_rest r4, r12
  eonc_mve_pair_rest r6, lr
6:
  vmov q0[2], q0[0], r0, r4
  vmov q0[3], q0[1], r2, r6
  vldrw.32 q2, [r5], #16
  vmov q1[2], q1[0], r8, r12
  vmov q1[3], q1[1], r10, lr
  vldrb.s32 q3, [r5], #4
  eonc_mve_scale q0, q2, q3, \linear, q4
  vadd.i32 q0, q0, q5
  eonc_mve_scale q1, q2, q3, \linear, q4
  vadd.i32 q1, q1, q5
  vmax.s32 q0, q0, q6
  vmax.s32 q1, q1, q6
  vmin.s32 q0, q0, q7
  vmin.s32 q1, q1, q7
  vstrb.32 q0, [r1], #4
  vstrb.32 q1, [r3], #4
  ldrd r9, r11, [sp, #12]
  ldr r7, [sp, #20]
  cmp r1, r7
  bne 2b
  ldr r7, [sp, #40]
  subs r7, r7, #1
  str r7, [sp, #40]
  beq 7f
  ldrd r0, r2, [sp, #28]
  add r9, r9, r0
  add r11, r11, r0
  add r1, r1, r2
  add r3, r3, r2
  b 1b
7:
  add sp, sp, #44
  vpop {d8-d15}
  pop {r4-r11, pc}
  .endm

/* Products of the last r7 inputs, which are in q0 with zeros behind them. */
  .macro eonc_mve_single_rest sum
  vldrb.8 q1, [r5]
  add r5, r5, r7
  vmladava.s8 \sum, q0, q1
  .endm

  .macro eonc_mve_singles linear
  push {r0, r4-r11, lr}
  vpush {d8-d15}
  mov r11, r3
  mov r8, r0
  mov r12, r2
  ldrd r3, r7, [r11]
  lsr r3, r3, #4
  ldrd r0, r2, [r11, #20]
  ldr r4, [r11, #28]
  vdup.32 q5, r0
  vdup.32 q6, r2
  vdup.32 q7, r4
1:
  mov r5, r12
  ldr r10, [r11, #8]
  add r10, r10, r1
2:
  ldrd r0, r2, [r5], #8
  ldrd r4, r6, [r5], #8
  mov r9, r8
  wls lr, r3, 4f
3:
  vldrb.8 q0, [r9], #16
  vldrb.8 q1, [r5], #16
  vmladava.s8 r0, q0, q1
  vldrb.8 q2, [r5], #16
  vmladava.s8 r2, q0, q2
  vldrb.8 q1, [r5], #16
  vmladava.s8 r4, q0, q1
  vldrb.8 q2, [r5], #16
  vmladava.s8 r6, q0, q2
  le lr, 3b
4:
  cbz r7, 5f
  vctp.8 r7
  vpst
  vldrbt.8 q0, [r9]
  eonc_mve_single_rest r0
  eonc_mve_single_rest r2
  eonc_mve_single_rest r4
  eonc_mve_single_rest r6
5:
  vmov q0[2], q0[0], r0, r4
  vmov q0[3], q0[1], r2, r6
  vldrw.32 q1, [r5], #16
  vldrb.s32 q2, [r5], #4
  eonc_mve_scale q0, q1, q2, \linear, q3
  vadd.i32 q0, q0, q5
  vmax.s32 q0, q0, q6
  vmin.s32 q0, q0, q7
  vstrb.32 q0, [r1], #4
  cmp r1, r10
  bne 2b
  ldr r0, [sp, #104] /* vectors */
  subs r0, r0, #1
  str r0, [sp, #104]
  beq 6f
  ldrd r0, r2, [r11, #8]
  add r8, r8, r2
  ldr r2, [r11, #16]
  add r1, r1, r2
  sub r1, r1, r0
  b 1b
6:
  vpop {d8-d15}
  pop {r0, r4-r11, pc}
  .endm

  eonc_mve_function EONC_SYMBOL(mve_pairs_linear)
  eonc_mve_pairs 1
  eonc_mve_function EONC_SYMBOL(mve_pairs_relu)
  eonc_mve_pairs 0
  eonc_mve_function EONC_SYMBOL(mve_singles_linear)
  eonc_mve_singles 1
  eonc_mve_function EONC_SYMBOL(mve_singles_relu)
  eonc_mve_singles 0

/* uint32_t dot(uint32_t accumulator, const int8_t *input, const int8_t *weights, int32_t count) */
  eonc_mve_function EONC_SYMBOL(mve_dot)
  push {r4, lr}
  wlstp.8 lr, r3, 2f
1:
  vldrb.8 q0, [r1], #16
  vldrb.8 q1, [r2], #16
  vmladava.s8 r0, q0, q1
  letp lr, 1b
2:
  pop {r4, pc}
