#include "../common/dsp.S"

/*
 * The dot product of a vector with the packed weights of an output, which are left at those of the next one:
 *   uint32_t dot(eonc_packed_weights *weights, const int8_t *input, int32_t count, int32_t total)
 * `total` is the sum of the inputs; the layout of the weights is that of README.md.
 */

/* The fields of r5's width from bit `bit` of `word` on. */
  .macro eonc_packed_fields word, bit
  .if \bit
  and r12, r5, \word, lsr #\bit
  .else
  and r12, r5, \word
  .endif
  .endm

/* Products of four inputs: the fields of the first and the third one, and of the other two. */
  .macro eonc_packed_products even, even_bit, odd, odd_bit
  ldr r8, [r1], #4
  sxtb16 r9, r8
  eonc_packed_fields \even, \even_bit
  sxtb16 r8, r8, ror #8
  smlad r0, r9, r12, r0
  eonc_packed_fields \odd, \odd_bit
  smlad r0, r8, r12, r0
  .endm

  eonc_function EONC_SYMBOL(packed_fully_connected_s8_dsp_dot)
  push {r0, r1, r3-r11, lr}
  ldrd r10, r11, [r0] /* words, codes */
  movs r0, #0
  ldrb r4, [r11], #1 /* width, least weight, number of corrections */
  ldrsb r5, [r11], #1
  ldrb r6, [r11], #1
  push {r4-r6} /* weights, input, total at sp + 12, 16, 20 */
  cmp r4, #5
  bgt 1f
  beq 5f
  cmp r4, #4
  beq 4f
  mov r5, #0x00070007 /* 3 bits */
  subs r2, r2, #20
  blt 32f
31:
  ldr r3, [r10], #4
  ldr r4, [r10], #4
  eonc_packed_products r3, 0, r3, 3
  eonc_packed_products r3, 6, r3, 9
  eonc_packed_products r3, 12, r4, 0
  eonc_packed_products r4, 3, r4, 6
  eonc_packed_products r4, 9, r4, 12
  subs r2, r2, #20
  bge 31b
32:
  adds r2, r2, #20
  b 9f
4:
  mov r5, #0x000f000f
  subs r2, r2, #8
  blt 42f
41:
  ldr r3, [r10], #4
  eonc_packed_products r3, 0, r3, 4
  eonc_packed_products r3, 8, r3, 12
  subs r2, r2, #8
  bge 41b
42:
  adds r2, r2, #8
  b 9f
5:
  mov r5, #0x001f001f
  subs r2, r2, #12
  blt 52f
51:
  ldr r3, [r10], #4
  ldr r4, [r10], #4
  eonc_packed_products r3, 0, r3, 5
  eonc_packed_products r3, 10, r4, 0
  eonc_packed_products r4, 5, r4, 10
  subs r2, r2, #12
  bge 51b
52:
  adds r2, r2, #12
  b 9f
1:
  cmp r4, #6
  bne 8f
  mov r5, #0x003f003f
  mov r6, #0x000f000f
  mov r7, #0x00300030
  subs r2, r2, #16
  blt 62f
61:
  ldr r3, [r10], #12
  eonc_packed_products r3, 0, r3, 6
  ldr r4, [r10, #-4]
  and r3, r6, r3, lsr #12
  and lr, r7, r4, lsr #8
  orr lr, r3, lr /* the first and the third of the last four */
  ldr r3, [r10, #-8]
  eonc_packed_products r3, 0, r3, 6
  eonc_packed_products r4, 0, r4, 6
  and r3, r6, r3, lsr #12
  and r4, r7, r4, lsr #10
  ldr r8, [r1], #4
  orr r3, r3, r4
  sxtb16 r9, r8
  sxtb16 r8, r8, ror #8
  smlad r0, r9, lr, r0
  smlad r0, r8, r3, r0
  subs r2, r2, #16
  bge 61b
62:
  adds r2, r2, #16
  b 9f
8:
  mov r5, #0x00ff00ff
  subs r2, r2, #4
  blt 82f
81:
  ldr r3, [r10], #4
  eonc_packed_products r3, 0, r3, 8
  subs r2, r2, #4
  bge 81b
82:
  adds r2, r2, #4
9: /* what is left over, in plain bytes */
  pop {r4-r6}
  beq 11f
10:
  ldrsb r3, [r11], #1
  ldrsb r8, [r1], #1
  sub r3, r3, r5
  mla r0, r3, r8, r0
  subs r2, r2, #1
  bne 10b
11: /* r2 is 0 */
  ldr r1, [sp, #4]
  cbz r6, 13f
12:
  ldrb r3, [r11], #1
  add r1, r1, r3, lsr #3
  sbfx r3, r3, #0, #3
  ldrsb r8, [r1]
  mla r2, r3, r8, r2
  subs r6, r6, #1
  bne 12b
13:
  lsl r2, r2, r4
  add r0, r0, r2
  ldr r3, [sp, #8]
  mla r0, r5, r3, r0
  ldr r1, [sp]
  strd r10, r11, [r1]
  add sp, sp, #12
  pop {r4-r11, pc}
