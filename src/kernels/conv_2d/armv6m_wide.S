#include "../common/armv6m_dot.S"

/*
 * The outputs of one pixel whose window lies in rows of words, weights of two bytes:
 *   void rows(const uint32_t *words, const uint32_t *end, const int32_t *stream, int32_t channels, int8_t *output,
 *             eonc_scale_armv6m scale, int32_t distance, const uint32_t *last)
 * `words` up to `end` are those in the first row, a multiple of 8 inputs; `distance` bytes lie between rows, and the
 * words of the last one end at `last`.
 */
  eonc_function EONC_SYMBOL(conv_2d_s8_armv6m_wide_rows)
  eonc_enter r0, r1, r3
  mov r6, r2
  ldr r0, [sp, #52]
  mov r11, r0
  ldr r0, [sp, #56]
  mov r9, r0
  ldr r1, [sp]
  adds r0, r0, r1
  ldr r1, [sp, #4]
  subs r0, r0, r1
  mov r10, r0 /* from the end of a row's words to the next one's */
  eonc_outputs_of_blocks 1, 1
