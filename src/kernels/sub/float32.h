#pragma once
#include "../common/broadcast.h"
#include "../common/float.h"

/** Parameters of SUB on float32. */
struct eonc_sub_f32_params {
  eonc_broadcast broadcast;
  float clamp_min;
  float clamp_max;
};

/** One row of SUB; the output may be the memory of an input that it does not stretch. */
template <typename Input1, typename Input2>
static inline void eonc_sub_f32_row(const eonc_sub_f32_params &p, Input1 input_1, Input2 input_2, float *output) {
  for (int32_t i = 0; i < p.broadcast.row; ++i) {
    output[i] = eonc_clamp_f32(*input_1 - *input_2, p.clamp_min, p.clamp_max);
    input_1 += p.broadcast.step_1;
    input_2 += p.broadcast.step_2;
  }
}

/** SUB on float32: all rows, one after the other. */
template <typename Input1, typename Input2>
static inline void eonc_sub_f32(const eonc_sub_f32_params &p, Input1 input_1, Input2 input_2, float *output) {
  eonc_broadcast_position at = {};
  for (int32_t row = 0; row < p.broadcast.rows; ++row) {
    eonc_sub_f32_row(p, input_1 + at.input_1, input_2 + at.input_2, output);
    output += p.broadcast.row;
    eonc_broadcast_next(p.broadcast, at);
  }
}
