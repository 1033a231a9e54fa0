#pragma once
#include "../common/broadcast.h"
#include "../common/sum.h"

/** Parameters of ADD on int8. */
struct eonc_add_s8_params {
  eonc_broadcast broadcast;
  eonc_sum_scaling scaling;
};

/** One row of ADD; the output may be the memory of an input that it does not stretch. */
template <typename Input1, typename Input2>
static inline void eonc_add_s8_row(const eonc_add_s8_params &p, Input1 input_1, Input2 input_2, int8_t *output) {
  const eonc_sum_scaling &s = p.scaling;
  for (int32_t i = 0; i < p.broadcast.row; ++i) {
    const int32_t a = eonc_sum_operand(*input_1, s.zero_point_1, s.multiplier_1, s.shift_1);
    const int32_t b = eonc_sum_operand(*input_2, s.zero_point_2, s.multiplier_2, s.shift_2);
    output[i] = eonc_sum_output(s, a + b);
    input_1 += p.broadcast.step_1;
    input_2 += p.broadcast.step_2;
  }
}

/** ADD on int8: all rows, one after the other. */
template <typename Input1, typename Input2>
static inline void eonc_add_s8(const eonc_add_s8_params &p, Input1 input_1, Input2 input_2, int8_t *output) {
  eonc_broadcast_position at = {};
  for (int32_t row = 0; row < p.broadcast.rows; ++row) {
    eonc_add_s8_row(p, input_1 + at.input_1, input_2 + at.input_2, output);
    output += p.broadcast.row;
    eonc_broadcast_next(p.broadcast, at);
  }
}
