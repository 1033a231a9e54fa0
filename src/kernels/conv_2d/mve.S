#include "../common/mve.S"

/*
 * void columns(int8_t *strip, const int8_t *input, int32_t columns, const eonc_columns_mve *shape)
 * copies a tap of each of some columns, at least one, of a row into a strip.
 */
  eonc_mve_function EONC_SYMBOL(conv_2d_s8_mve_columns)
  push {r4-r7, lr}
  ldrd r4, r5, [r3]
  ldrd r6, r7, [r3, #8]
  cbz r7, 4f
  /* many at once, which lie side by side in the input */
  ldrd r12, r3, [r3, #16]
  vldrb.8 q1, [r3]
  mul r2, r2, r4
  cmp r7, #16
  bne 2f
  dlstp.8 lr, r2
1:
  vldrb.8 q0, [r1], #16
  vstrb.8 q0, [r0, q1]
  add r0, r0, r12
  letp lr, 1b
  pop {r4-r7, pc}
2:
  cmp r2, r7
  it lt
  movlt r7, r2
  vctp.8 r7
  vpstt
  vldrbt.8 q0, [r1]
  vstrbt.8 q0, [r0, q1]
  add r1, r1, r7
  add r0, r0, r12
  subs r2, r2, r7
  bgt 2b
  pop {r4-r7, pc}
3:
  subs r2, r2, #1
  it eq
  popeq {r4-r7, pc}
  add r1, r1, r5
  add r0, r0, r6
4:
  mov r3, r1
  mov r7, r0
  dlstp.8 lr, r4
5:
  vldrb.8 q0, [r3], #16
  vstrb.8 q0, [r7], #16
  letp lr, 5b
  b 3b
