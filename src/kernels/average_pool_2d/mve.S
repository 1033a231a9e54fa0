#include "../common/mve.S"

/*
 * void add(const int8_t *input, int32_t taps, int32_t step, int32_t *sums, int32_t channels)
 * adds taps, at least one, that lie `step` elements apart to the sums of their channels.
 */
  eonc_mve_function EONC_SYMBOL(average_pool_2d_s8_mve_add)
  push {r4, r5, r6, lr}
  ldr r4, [sp, #16]
1:
  vctp.32 r4
  vpst
  vldrwt.u32 q1, [r3]
  mov r5, r0
  dls lr, r1
2:
  vpst
  vldrbt.s32 q0, [r5]
  vadd.i32 q1, q1, q0
  add r5, r5, r2
  le lr, 2b
  vpst
  vstrwt.32 q1, [r3], #16
  add r0, r0, #4
  subs r4, r4, #4
  bgt 1b
  pop {r4, r5, r6, pc}
