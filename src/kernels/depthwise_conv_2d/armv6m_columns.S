#include "../common/armv6m.S"

/*
 * An output row of filters of 3x3, channel by channel; a core for each stride and scaling:
 *   void row(eonc_columns_armv6m *row)
 * The struct is that of armv6m_columns.h, the stream that of README.md. Every column is loaded once, as a word of rows
 * 0 and 1 and as row 2, and added to all outputs that have it.
 *
 * r0 is the input, r7 the output, r4 the sum of the output that is next, r5 that of the one behind it. r8 and r9 are
 * the distances of rows 1 and 2, r10 the number of channels, r11 and r12 where input and output end, lr 256. The stack
 * holds a channel's weights and bias, as the edge leaves them, where its scale is, and the struct.
 */
  .set eonc_column_bias, 24
  .set eonc_column_scale, 28
  .set eonc_column_row, 32

/* The column at r0: rows 0 and 1 into r1, row 2 into r2. */
  .macro eonc_column_load
  mov r1, r8
  ldrsb r1, [r0, r1]
  lsls r1, r1, #16
  mov r2, r9
  ldrsb r2, [r0, r2]
  movs r3, #0
  ldrsb r3, [r0, r3]
  adds r1, r1, r3
  add r0, r0, r10
  .endm

/* The same of a column in the padding. */
  .macro eonc_column_padding
  ldr r2, [sp, #eonc_column_row]
  ldr r2, [r2, #44]
  lsls r1, r2, #16
  adds r1, r1, r2
  .endm

/* Adds the column in r1 and r2 to a sum, as the one of so many of its window. The first one starts it. */
  .macro eonc_column_add sum, column
  ldr r3, [sp, #4 * \column]
  muls r3, r1, r3
  asrs r3, r3, #16
  .if \column == 0
  ldr \sum, [sp, #eonc_column_bias]
  .endif
  adcs \sum, \sum, r3
  ldr r3, [sp, #12 + 4 * \column]
  muls r3, r2, r3
  adds \sum, \sum, r3
  .endm

  .macro eonc_columns stride, parts, linear
  eonc_enter r0, r1, r2
  mov r7, r0
  sub sp, sp, #32
  ldr r0, [r7, #16]
  mov r8, r0
  ldr r0, [r7, #20]
  mov r9, r0
  ldr r0, [r7, #24]
  mov r10, r0
  movs r0, #255
  adds r0, r0, #1
  mov lr, r0
  b 11f
21: /* a row in the padding adds to the bias alone */
  ldr r0, [sp, #eonc_column_bias]
  ldr r2, [r7, #44]
  subs r1, r1, #1
  bne 22f
  .irp column, 0, 4, 8
  ldr r3, [sp, #\column]
  sxth r4, r3
  str r4, [sp, #\column]
  subs r3, r3, r4
  asrs r3, r3, #16
  muls r3, r2, r3
  adds r0, r0, r3
  .endr
  b 23f
22:
  movs r4, #0
  .irp column, 12, 16, 20
  ldr r3, [sp, #\column]
  str r4, [sp, #\column]
  muls r3, r2, r3
  adds r0, r0, r3
  .endr
23:
  str r0, [sp, #eonc_column_bias]
  b 12f
25:
  eonc_column_padding
  b 13f
11: /* a channel */
  ldr r6, [r7, #8]
  ldmia r6!, {r0-r5}
  str r6, [sp, #eonc_column_scale]
  mov r6, sp
  stmia r6!, {r0-r5}
  ldr r6, [sp, #eonc_column_scale]
  ldmia r6!, {r0}
  str r0, [sp, #eonc_column_bias]
  str r6, [sp, #eonc_column_scale]
  adds r6, r6, #8
  str r6, [r7, #8]
  ldr r1, [r7, #40]
  cmp r1, #0
  bne 21b
12:
  ldr r0, [r7]
  adds r1, r0, #1
  str r1, [r7]
  ldr r1, [r7, #28]
  adds r1, r1, r0
  mov r11, r1
  ldr r2, [r7, #4]
  adds r1, r2, #1
  str r1, [r7, #4]
  ldr r1, [r7, #32]
  adds r1, r1, r2
  mov r12, r1
  ldr r1, [r7, #36]
  mov r7, r2
  cmp r1, #0
  bne 25b
  eonc_column_load
13:
  eonc_column_add r4, 0
  .if \stride == 1
  eonc_column_load
  eonc_column_add r4, 1
  eonc_column_add r5, 0
  .endif
14: /* an output */
  .if \stride == 2
  eonc_column_load
  eonc_column_add r4, 1
  .endif
  cmp r0, r11
  beq 26f
  eonc_column_load
15:
  eonc_column_add r4, 2
  .if \stride == 1
  eonc_column_add r5, 1
  eonc_column_add r6, 0
  .else
  eonc_column_add r5, 0
  .endif
  ldr r1, [sp, #eonc_column_scale]
  eonc_scale_sum \parts, \linear, r4, r1, 0, lr
  sxtb r3, r2
  cmp r3, r2
  bne 27f
16:
  strb r3, [r7]
  mov r4, r5
  .if \stride == 1
  mov r5, r6
  .endif
  add r7, r7, r10
  cmp r7, r12
  bne 14b
  ldr r7, [sp, #eonc_column_row]
  ldr r0, [r7, #8]
  ldr r1, [r7, #12]
  cmp r0, r1
  beq 17f
  b 11b
17:
  add sp, sp, #32
  eonc_leave
26:
  eonc_column_padding
  b 15b
27:
  eonc_saturate r3
  b 16b
  .endm

  .macro eonc_columns_of stride
  eonc_function EONC_SYMBOL(depthwise_conv_2d_s8_armv6m_columns_\stride\()_3_linear)
  eonc_columns \stride, 3, 1
  eonc_function EONC_SYMBOL(depthwise_conv_2d_s8_armv6m_columns_\stride\()_3_relu)
  eonc_columns \stride, 3, 0
  eonc_function EONC_SYMBOL(depthwise_conv_2d_s8_armv6m_columns_\stride\()_4_linear)
  eonc_columns \stride, 4, 1
  eonc_function EONC_SYMBOL(depthwise_conv_2d_s8_armv6m_columns_\stride\()_4_relu)
  eonc_columns \stride, 4, 0
  .endm

  eonc_columns_of 1
  eonc_columns_of 2
