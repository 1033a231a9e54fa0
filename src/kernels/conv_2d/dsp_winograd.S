#include "../common/dsp.S"

/*
 * Four outputs side by side, as two tiles of Winograd's F(2, 3):
 *   void columns(const int8_t *columns, int32_t depth, uint32_t *window, int32_t position_bytes, const int8_t *end)
 * transforms six columns of one row, `depth` bytes apart, of which the first one ends at `end`, and
 *   void blocks(const uint32_t *window, int32_t position_bytes, const int32_t *stream, int32_t blocks, int8_t *output,
 *               int32_t distance)
 * multiplies by blocks of 4 output channels; outputs lie `distance` bytes apart. Layouts are those of README.md.
 */

/* Four channels of six columns make a word of each tile for each position, of bytes 0, 2 or, rotated by 8, of 1, 3. */
  .macro eonc_winograd_columns rotation
  ldr r4, [r0]
  ldr r5, [r0, r1]
  ldr r6, [r0, r1, lsl #1]
  ldr r8, [r0, r1, lsl #2]
  add r12, r0, r1
  ldr r7, [r12, r1, lsl #1]
  ldr r9, [r12, r1, lsl #2]
  .irp column, r4, r5, r6, r7, r8, r9
  sxtb16 \column, \column, ror #\rotation
  .endr
  sadd16 r10, r5, r6
  sadd16 r11, r7, r8
  strd r10, r11, [r2]
  add r12, r2, r3
  ssub16 r4, r4, r6
  ssub16 r10, r6, r8
  strd r4, r10, [r12]
  add r12, r12, r3
  ssub16 r6, r6, r5
  ssub16 r8, r8, r7
  strd r6, r8, [r12]
  add r12, r12, r3
  ssub16 r5, r5, r7
  ssub16 r7, r7, r9
  strd r5, r7, [r12]
  add r2, r2, #8
  .endm

  eonc_function EONC_SYMBOL(conv_2d_s8_dsp_winograd_columns)
  push {r4-r11, lr}
  ldr lr, [sp, #36]
1:
  eonc_winograd_columns 0
  eonc_winograd_columns 8
  add r0, r0, #4
  cmp r0, lr
  bne 1b
  pop {r4-r11, pc}

/* An output, twice the accumulator `sum`, to a place. */
  .macro eonc_winograd_output sum, linear, place:vararg
  .if \linear
  eonc_scale lr, \sum, r1, r3, r12
  strb lr, \place
  .else
  eonc_scale_relu \sum, r1, r3, r12
  strb \sum, \place
  .endif
  .endm

  .macro eonc_winograd_blocks linear
  push {r4-r11, lr}
  /* sums of either tile: [position][channel][tile] at sp; behind them window, position bytes, blocks, where the next
   * sums go, end of the position at sp + 128, 132, 136, 140, 144; output and distance at sp + 184, 188 */
  sub sp, sp, #148
  strd r0, r1, [sp, #128]
  str r3, [sp, #136]
1:
  ldr r12, [sp, #132]
  mov lr, sp
  add r12, r12, r0
  strd lr, r12, [sp, #140]
  ldm r2!, {r4, r6, r8, r10}
  mov r5, r4
  mov r7, r6
  mov r9, r8
  mov r11, r10
2:
  .rept 8
  ldrd r12, lr, [r0], #8 /* two inputs of either tile */
  ldrd r1, r3, [r2], #8 /* weights of channels 0 and 1 */
  smlad r4, r12, r1, r4
  smlad r5, lr, r1, r5
  smlad r6, r12, r3, r6
  smlad r7, lr, r3, r7
  ldrd r1, r3, [r2], #8 /* of 2 and 3 */
  smlad r8, r12, r1, r8
  smlad r9, lr, r1, r9
  smlad r10, r12, r3, r10
  smlad r11, lr, r3, r11
  .endr
  ldr r1, [sp, #144]
  cmp r0, r1
  bne 2b
  ldr r12, [sp, #140]
  stm r12!, {r4-r11}
  ldr r3, [sp, #132]
  add r1, r1, r3
  strd r12, r1, [sp, #140]
  .irp sum, r4, r5, r6, r7, r8, r9, r10, r11
  mov \sum, #0
  .endr
  add r3, sp, #128
  cmp r12, r3
  bne 2b
  mov r0, sp
3:
  ldrd r4, r5, [r0], #8
  ldrd r8, r9, [r0, #24]
  ldrd r6, r7, [r0, #56]
  ldrd r10, r11, [r0, #88]
  add r8, r8, r4 /* the first output of either tile */
  add r9, r9, r5
  add r8, r8, r6
  add r9, r9, r7
  sub r4, r4, r6 /* the second one */
  sub r5, r5, r7
  sub r4, r4, r10
  sub r5, r5, r11
  ldrd r6, r7, [sp, #184]
  ldm r2!, {r1, r3, r12}
  eonc_winograd_output r8, \linear, [r6]
  eonc_winograd_output r4, \linear, [r6, r7]
  eonc_winograd_output r9, \linear, [r6, r7, lsl #1]
  add r10, r6, r7
  eonc_winograd_output r5, \linear, [r10, r7, lsl #1]
  add r6, r6, #1
  str r6, [sp, #184]
  add r10, sp, #32
  cmp r0, r10
  bne 3b
  ldr r3, [sp, #136]
  subs r3, r3, #1
  str r3, [sp, #136]
  ldr r0, [sp, #128]
  bne 1b
  add sp, sp, #148
  pop {r4-r11, pc}
  .endm

  eonc_function EONC_SYMBOL(conv_2d_s8_dsp_winograd_linear)
  eonc_winograd_blocks 1
  eonc_function EONC_SYMBOL(conv_2d_s8_dsp_winograd_relu)
  eonc_winograd_blocks 0
