#include "../common/armv6m_dot.S"

/*
 * Windows of two pixels times output channels, the second one's output `distance` bytes behind the first one's:
 *   void pair(const uint32_t *window, const uint32_t *end, const int32_t *stream, int32_t channels, int8_t *output,
 *             int32_t distance, eonc_scale_armv6m scale)
 * Layouts of `window` and `stream` are those of README.md; a window is a multiple of 8 inputs.
 */

/* The outputs of one channel of a block of two. The block's begin is at sp + 4. */
  .macro eonc_conv_pair_channel odd
  ldr r7, [sp]
  ldr r6, [sp, #4]
  ldr r4, [r6, #4 * \odd]
  mov r5, r4
1:
  .irp offset, 8, 16
  ldr r2, [r6, #\offset + 4 * \odd]
  eonc_unpack_weights
  ldmia r7!, {r0, r1}
  eonc_multiply_add r4, r0, r3
  eonc_multiply_add r5, r1, r3
  ldmia r7!, {r0, r1}
  eonc_multiply_add r4, r0, r2
  eonc_multiply_add r5, r1, r2
  .endr
  adds r6, r6, #16
  cmp r7, r8
  bne 1b
  adds r6, r6, #8 + 8 * \odd
  mov r0, r4
  mov r1, r6
  blx r11
  ldr r4, [sp, #48]
  strb r0, [r4]
  mov r0, r5
  mov r1, r6
  blx r11
  ldr r5, [sp, #52]
  strb r0, [r4, r5]
  adds r4, r4, #1
  str r4, [sp, #48]
  .endm

  eonc_function EONC_SYMBOL(conv_2d_s8_armv6m_pair)
  eonc_enter r0, r2, r3
  mov r8, r1
  ldr r0, [sp, #56]
  mov r11, r0
  eonc_weight_constants
2:
  eonc_conv_pair_channel 0
  ldr r0, [sp, #8]
  subs r0, r0, #2
  str r0, [sp, #8]
  bmi 3f
  eonc_conv_pair_channel 1
  adds r6, r6, #8
  str r6, [sp, #4]
  ldr r0, [sp, #8]
  cmp r0, #0
  beq 3f
  b 2b
3:
  eonc_leave
