#include "../common/mve.S"

/*
 * void largest(const int8_t *input, int32_t taps, int32_t step, int8_t *output, int32_t channels)
 * lets each output be as large as the largest of it and of the channel's taps, at least one, `step` elements apart.
 */
  eonc_mve_function EONC_SYMBOL(max_pool_2d_s8_mve_largest)
  push {r4, r5, r6, lr}
  ldr r4, [sp, #16]
1:
  vctp.8 r4
  vpst
  vldrbt.8 q1, [r3]
  mov r5, r0
  dls lr, r1
2:
  vpst
  vldrbt.8 q0, [r5]
  vmax.s8 q1, q1, q0
  add r5, r5, r2
  le lr, 2b
  vpst
  vstrbt.8 q1, [r3], #16
  add r0, r0, #16
  subs r4, r4, #16
  bgt 1b
  pop {r4, r5, r6, pc}
