#pragma once
/* Sums and differences of two int8 operands on one scale, for the kernel set `dsp`. */
#include "broadcast.h"
#include "dsp.h"

/** Scales of a sum: each value is multiplied, rounded with a constant, and shifted to the right. See README.md. */
struct eonc_sum_dsp {
  int32_t multiplier_1;
  int32_t multiplier_2;
  int32_t output_multiplier;
  int32_t constant_1;
  int32_t constant_2;
  int32_t output_constant; /* holds the output zero point */
  int16_t zero_point_1;
  int16_t zero_point_2;
  int16_t clamp_min;
  int16_t clamp_max;
  int8_t left_1; /* shifts to the left before the multiplication */
  int8_t left_2;
  int8_t shift_1;
  int8_t shift_2;
  int8_t output_shift;
};

/** An operand on the common scale; `value` is already less its zero point and shifted to the left. */
static inline int32_t eonc_sum_operand_dsp(int32_t value, int32_t multiplier, int32_t constant, int32_t shift) {
  return (eonc_smmlar(value, multiplier, constant) + eonc_sign(value)) >> shift;
}

/** One row of input_1 + sign * input_2. */
static inline void eonc_sum_row_dsp(const eonc_broadcast &broadcast, const eonc_sum_dsp &s, int32_t sign,
                                    const int8_t *input_1, const int8_t *input_2, int8_t *output) {
  for (int32_t i = 0; i < broadcast.row; ++i) {
    const int32_t a = eonc_sum_operand_dsp((*input_1 - s.zero_point_1) * (INT32_C(1) << s.left_1), s.multiplier_1,
                                           s.constant_1, s.shift_1);
    const int32_t b = eonc_sum_operand_dsp((*input_2 - s.zero_point_2) * (INT32_C(1) << s.left_2), s.multiplier_2,
                                           s.constant_2, s.shift_2);
    const int32_t twice = 2 * (a + sign * b);
    output[i] = eonc_saturate_s8(eonc_sum_operand_dsp(twice, s.output_multiplier, s.output_constant, s.output_shift));
    input_1 += broadcast.step_1;
    input_2 += broadcast.step_2;
  }
  eonc_limit_dsp(output, broadcast.row, s.clamp_min, s.clamp_max);
}

/** All rows, one after the other. */
static inline void eonc_sum_dsp_rows(const eonc_broadcast &broadcast, const eonc_sum_dsp &s, int32_t sign,
                                     const int8_t *input_1, const int8_t *input_2, int8_t *output) {
  eonc_broadcast_position at = {};
  for (int32_t row = 0; row < broadcast.rows; ++row) {
    eonc_sum_row_dsp(broadcast, s, sign, input_1 + at.input_1, input_2 + at.input_2, output);
    output += broadcast.row;
    eonc_broadcast_next(broadcast, at);
  }
}
