#include "../common/armv6m.S"

/*
 * Channels of windows, each from the same channel of the input:
 *   void pair(const eonc_tap_armv6m *taps, const eonc_tap_armv6m *end, const int32_t *scales, int32_t channels,
 *             int8_t *output, int32_t distance, eonc_scale_armv6m scale)
 * for two pixels, the second one's output `distance` bytes behind the first one's, and
 *   void single(the same)
 * for the first one alone. There is a multiple of 3 taps, of three words each: where it lies for either pixel, and its
 * weights.
 */
  .macro eonc_depthwise pair
  eonc_enter r0, r2, r3
  mov r8, r1
  mov r6, r2
  ldr r0, [sp, #48]
  mov r9, r0
  ldr r1, [sp, #52]
  adds r0, r0, r1
  mov r10, r0
  ldr r0, [sp, #56]
  mov r11, r0
  movs r5, #0 /* channel */
1:
  ldr r7, [sp]
  ldmia r6!, {r3}
  .if \pair
  mov r4, r3
  .endif
2:
  .rept 3
  ldmia r7!, {r0, r1, r2}
  ldrsb r2, [r2, r5]
  ldrsb r0, [r0, r5]
  muls r0, r2, r0
  adds r3, r3, r0
  .if \pair
  ldrsb r1, [r1, r5]
  muls r1, r2, r1
  adds r4, r4, r1
  .endif
  .endr
  cmp r7, r8
  bne 2b
  mov r0, r3
  mov r1, r6
  blx r11
  mov r7, r9
  strb r0, [r7, r5]
  .if \pair
  mov r0, r4
  mov r1, r6
  blx r11
  mov r7, r10
  strb r0, [r7, r5]
  .endif
  adds r6, r6, #8
  adds r5, r5, #1
  ldr r0, [sp, #8]
  cmp r0, r5
  bne 1b
  eonc_leave
  .endm

  eonc_function EONC_SYMBOL(depthwise_conv_2d_s8_armv6m_pair)
  eonc_depthwise 1
  eonc_function EONC_SYMBOL(depthwise_conv_2d_s8_armv6m_single)
  eonc_depthwise 0
