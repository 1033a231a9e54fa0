#pragma once
/* Scaling that ADD and SUB share: both operands on one scale, with 20 more bits, before they meet. */
#include "integer.h"

/** Scales and zero points of a sum of two int8 operands; all shifts are to the right, 0 or below. */
struct eonc_sum_scaling {
  int32_t multiplier_1; /* input 1 relative to twice the larger input scale */
  int32_t multiplier_2;
  int32_t output_multiplier; /* back to the output, less the 20 bits */
  int16_t zero_point_1;
  int16_t zero_point_2;
  int16_t output_zero_point;
  int16_t clamp_min;
  int16_t clamp_max;
  int8_t shift_1;
  int8_t shift_2;
  int8_t output_shift;
};

/** An operand less its zero point, on the common scale. */
static inline int32_t eonc_sum_operand(int32_t value, int32_t zero_point, int32_t multiplier, int shift) {
  const int32_t widened = (value - zero_point) * (INT32_C(1) << 20);
  return eonc_rounding_shift_right(eonc_multiply_high(widened, multiplier), -shift);
}

/** The output for a sum of operands on the common scale. */
static inline int8_t eonc_sum_output(const eonc_sum_scaling &scaling, int32_t sum) {
  const int32_t scaled =
      eonc_rounding_shift_right(eonc_multiply_high(sum, scaling.output_multiplier), -scaling.output_shift);
  return eonc_clamp_s8(scaled + scaling.output_zero_point, scaling.clamp_min, scaling.clamp_max);
}
