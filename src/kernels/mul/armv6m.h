#pragma once
#include "../common/armv6m.h"
#include "../common/broadcast.h"

/** Parameters of MUL on int8 for the kernel set `armv6m`. */
struct eonc_mul_s8_armv6m_params {
  eonc_broadcast broadcast;
  int32_t scale_0; /* the two words of a scale in 3 parts */
  int32_t scale_1;
  int16_t zero_point_1;
  int16_t zero_point_2;
  int16_t clamp_min;
  int16_t clamp_max;
};

/** One row of MUL; the output may be the memory of an input that it does not stretch. */
static inline void eonc_mul_s8_armv6m_row(const eonc_mul_s8_armv6m_params &p, const int8_t *input_1,
                                          const int8_t *input_2, int8_t *output) {
  const int32_t scale[2] = {p.scale_0, p.scale_1};
  for (int32_t i = 0; i < p.broadcast.row; ++i) {
    const int32_t product = (*input_1 - p.zero_point_1) * (*input_2 - p.zero_point_2);
    output[i] = static_cast<int8_t>(EONC_SYMBOL(armv6m_scale_3_linear)(product, scale));
    input_1 += p.broadcast.step_1;
    input_2 += p.broadcast.step_2;
  }
  eonc_limit_armv6m(output, p.broadcast.row, p.clamp_min, p.clamp_max);
}

/** MUL on int8: all rows, one after the other. */
static inline void eonc_mul_s8_armv6m(const eonc_mul_s8_armv6m_params &p, const int8_t *input_1, const int8_t *input_2,
                                      int8_t *output) {
  eonc_broadcast_position at = {};
  for (int32_t row = 0; row < p.broadcast.rows; ++row) {
    eonc_mul_s8_armv6m_row(p, input_1 + at.input_1, input_2 + at.input_2, output);
    output += p.broadcast.row;
    eonc_broadcast_next(p.broadcast, at);
  }
}
