/* Macros that the cores of the kernel set `dsp` share: Thumb-2 with the DSP extension. */
  .syntax unified
  .thumb

/* Opens a function in a section of its own, which a linker keeps once however many libraries bring it along. */
  .macro eonc_function name
  .section .text.\name, "axG", %progbits, \name, comdat
  .weak \name
  .type \name, %function
  .thumb_func
  .p2align 2
\name:
  .endm

/*
 * Scales twice an accumulator to an output byte: multiplier, rounding constant with the zero point, right shift. The
 * sum of products is rounded twice, as gemmlowp does it; see README.md for why this is the same.
 */
  .macro eonc_scale result, value, multiplier, constant, shift
  smmlar \result, \value, \multiplier, \constant
  add \result, \result, \value, asr #31
  asr \result, \result, \shift
  ssat \result, #8, \result
  .endm

/* The same where what is below the zero point is cut off anyway, so that the sign does not count. */
  .macro eonc_scale_relu value, multiplier, constant, shift
  smmlar \value, \value, \multiplier, \constant
  asr \value, \value, \shift
  ssat \value, #8, \value
  .endm

/* The same of 256 times an accumulator; constant and shift are those of the stream's odd channels. */
  .macro eonc_scale_relu_256 value, multiplier, constant, shift
  smmla \value, \value, \multiplier, \constant
  asr \value, \value, \shift
  ssat \value, #8, \value
  .endm

/*
 * Loads a scale of two words: the multiplier; 256 times the bias and, in its low byte, the right shift less 1. `odd` is
 * twice the layer's zero point and 1; `constant` becomes the rounding constant with the zero point, `bias` twice
 * the bias.
 */
  .macro eonc_load_scale stream, multiplier, shift, constant, odd, bias
  ldrd \multiplier, \shift, [\stream], #8
  lsl \constant, \odd, \shift
  asr \bias, \shift, #7
  .endm

/* Scales twice an accumulator by such a scale; the last bit is shifted out as the value is limited. */
  .macro eonc_scale_by_two result, value, multiplier, constant, shift
  smmlar \result, \value, \multiplier, \constant
  add \result, \result, \value, asr #31
  asr \result, \result, \shift
  ssat \result, #8, \result, asr #1
  .endm

/* The same where what is below the zero point is cut off anyway. */
  .macro eonc_scale_by_two_relu value, multiplier, constant, shift
  smmlar \value, \value, \multiplier, \constant
  asr \value, \value, \shift
  ssat \value, #8, \value, asr #1
  .endm
