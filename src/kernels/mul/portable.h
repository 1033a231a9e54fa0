#pragma once
#include "../common/broadcast.h"
#include "../common/integer.h"

/** Parameters of MUL on int8. */
struct eonc_mul_s8_params {
  eonc_broadcast broadcast;
  int32_t multiplier;
  int16_t zero_point_1;
  int16_t zero_point_2;
  int16_t output_zero_point;
  int16_t clamp_min;
  int16_t clamp_max;
  int8_t shift;
};

/** One row of MUL; the output may be the memory of an input that it does not stretch. */
template <typename Input1, typename Input2>
static inline void eonc_mul_s8_row(const eonc_mul_s8_params &p, Input1 input_1, Input2 input_2, int8_t *output) {
  for (int32_t i = 0; i < p.broadcast.row; ++i) {
    const int32_t a = *input_1 - p.zero_point_1;
    const int32_t b = *input_2 - p.zero_point_2;
    const int32_t scaled = eonc_requantize(a * b, p.multiplier, p.shift);
    output[i] = eonc_clamp_s8(eonc_wrapping_add(scaled, p.output_zero_point), p.clamp_min, p.clamp_max);
    input_1 += p.broadcast.step_1;
    input_2 += p.broadcast.step_2;
  }
}

/** MUL on int8: all rows, one after the other. */
template <typename Input1, typename Input2>
static inline void eonc_mul_s8(const eonc_mul_s8_params &p, Input1 input_1, Input2 input_2, int8_t *output) {
  eonc_broadcast_position at = {};
  for (int32_t row = 0; row < p.broadcast.rows; ++row) {
    eonc_mul_s8_row(p, input_1 + at.input_1, input_2 + at.input_2, output);
    output += p.broadcast.row;
    eonc_broadcast_next(p.broadcast, at);
  }
}
