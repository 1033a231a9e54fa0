/* Macros that the cores of the kernel set `mve` share: Thumb-2 with the integer vectors of Helium. */
  .syntax unified
  .thumb

/* Opens a function in a section of its own, which a linker keeps once however many libraries bring it along. */
  .macro eonc_mve_function name
  .section .text.\name, "axG", %progbits, \name, comdat
  .weak \name
  .type \name, %function
  .thumb_func
  .p2align 2
\name:
  .endm

/*
 * Scales four sums with both of gemmlowp's roundings; `shift` is to the left, hence negative. A half is rounded away
 * from zero, for which one is taken off what is negative (`linear`); where that is cut off anyway its sign does not
 * count.
 */
  .macro eonc_mve_scale sums, multiplier, shift, linear, spare
  .if \linear
  vshr.s32 \spare, \sums, #31
  vqrdmulh.s32 \sums, \sums, \multiplier
  vadd.i32 \sums, \sums, \spare
  .else
  vqrdmulh.s32 \sums, \sums, \multiplier
  .endif
  vrshl.s32 \sums, \sums, \shift
  .endm

/* The same with one multiplier and one shift for all, in registers. */
  .macro eonc_mve_scale_all sums, multiplier, shift, spare
  vshr.s32 \spare, \sums, #31
  vqrdmulh.s32 \sums, \sums, \multiplier
  vadd.i32 \sums, \sums, \spare
  vrshl.s32 \sums, \shift
  .endm

/* void set(int8_t *output, int32_t count, int32_t value): writes `count` times the same value. */
  eonc_mve_function EONC_SYMBOL(mve_set)
  push {r4, lr}
  vdup.8 q0, r2
  wlstp.8 lr, r1, 2f
1:
  vstrb.8 q0, [r0], #16
  letp lr, 1b
2:
  pop {r4, pc}

/* void limit(int8_t *output, int32_t count, int32_t low, int32_t high): limits `count` values. */
  eonc_mve_function EONC_SYMBOL(mve_limit)
  push {r4, lr}
  vdup.8 q1, r2
  vdup.8 q2, r3
  wlstp.8 lr, r1, 2f
1:
  vldrb.8 q0, [r0]
  vmax.s8 q0, q0, q1
  vmin.s8 q0, q0, q2
  vstrb.8 q0, [r0], #16
  letp lr, 1b
2:
  pop {r4, pc}
