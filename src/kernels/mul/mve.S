#include "../common/mve.S"

/*
 * void mul(const int8_t *input_1, const int8_t *input_2, int8_t *output, int32_t count,
 *          const eonc_product_mve *product, int32_t step_1, int32_t step_2)
 * for a row of `count` elements; steps are to the next four elements.
 */
  eonc_mve_function EONC_SYMBOL(mul_s8_mve)
  push {r4-r8, lr}
  vpush {d8-d15}
  ldr r4, [sp, #88]
  ldr r5, [r4, #16]
  ldr r6, [r4, #20]
  ldr r7, [r4, #24]
  vdup.32 q5, r5
  vdup.32 q6, r6
  vdup.32 q7, r7
  ldrd r5, r6, [r4]
  ldrd r7, r8, [r4, #8]
  dlstp.32 lr, r3
  ldrd r3, r4, [sp, #92]
1:
  vldrb.s32 q0, [r0]
  add r0, r0, r3
  vsub.i32 q0, q0, r5
  vldrb.s32 q1, [r1]
  add r1, r1, r4
  vsub.i32 q1, q1, r6
  vmul.i32 q0, q0, q1
  eonc_mve_scale_all q0, r7, r8, q2
  vadd.i32 q0, q0, q5
  vmax.s32 q0, q0, q6
  vmin.s32 q0, q0, q7
  vstrb.32 q0, [r2], #4
  letp lr, 1b
  vpop {d8-d15}
  pop {r4-r8, pc}
