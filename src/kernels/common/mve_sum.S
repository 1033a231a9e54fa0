#include "mve.S"

/*
 * void add(const int8_t *input_1, const int8_t *input_2, int8_t *output, int32_t count, const eonc_sum_mve *sum,
 *          int32_t step_1, int32_t step_2)
 * and, with the same parameters, `sub` for rows of `count` elements; steps are to the next four elements.
 */

  .macro eonc_mve_sum operation
  push {r4-r11, lr}
  vpush {d8-d15}
  ldr r4, [sp, #100]
  ldrd r5, r6, [r4]
  vdup.32 q3, r5
  vdup.32 q4, r6
  ldrd r5, r6, [r4, #40]
  ldr r7, [r4, #48]
  vdup.32 q5, r5
  vdup.32 q6, r6
  vdup.32 q7, r7
  ldrd r5, r6, [r4, #8]
  ldrd r7, r8, [r4, #16]
  ldrd r9, r10, [r4, #24]
  ldrd r11, r12, [r4, #32]
  dlstp.32 lr, r3
  ldrd r3, r4, [sp, #104]
1:
  vldrb.s32 q0, [r0]
  add r0, r0, r3
  vsub.i32 q0, q0, r5
  vshl.s32 q0, q0, q3
  eonc_mve_scale_all q0, r7, r9, q2
  vldrb.s32 q1, [r1]
  add r1, r1, r4
  vsub.i32 q1, q1, r6
  vshl.s32 q1, q1, q4
  eonc_mve_scale_all q1, r8, r10, q2
  \operation\().i32 q0, q0, q1
  eonc_mve_scale_all q0, r11, r12, q2
  vadd.i32 q0, q0, q5
  vmax.s32 q0, q0, q6
  vmin.s32 q0, q0, q7
  vstrb.32 q0, [r2], #4
  letp lr, 1b
  vpop {d8-d15}
  pop {r4-r11, pc}
  .endm

  eonc_mve_function EONC_SYMBOL(mve_add)
  eonc_mve_sum vadd
  eonc_mve_function EONC_SYMBOL(mve_sub)
  eonc_mve_sum vsub
