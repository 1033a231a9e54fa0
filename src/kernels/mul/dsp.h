#pragma once
#include "../common/broadcast.h"
#include "../common/dsp.h"

/** Parameters of MUL on int8 for the kernel set `dsp`. */
struct eonc_mul_s8_dsp_params {
  eonc_broadcast broadcast;
  int32_t multiplier;
  int32_t constant; /* rounding and the output zero point */
  int32_t shift;    /* to the right */
  int16_t zero_point_1;
  int16_t zero_point_2;
  int16_t clamp_min;
  int16_t clamp_max;
};

/** One row of MUL; the output may be the memory of an input that it does not stretch. */
static inline void eonc_mul_s8_dsp_row(const eonc_mul_s8_dsp_params &p, const int8_t *input_1, const int8_t *input_2,
                                       int8_t *output) {
  for (int32_t i = 0; i < p.broadcast.row; ++i) {
    const int32_t twice = 2 * (*input_1 - p.zero_point_1) * (*input_2 - p.zero_point_2);
    output[i] = eonc_saturate_s8((eonc_smmlar(twice, p.multiplier, p.constant) + eonc_sign(twice)) >> p.shift);
    input_1 += p.broadcast.step_1;
    input_2 += p.broadcast.step_2;
  }
  eonc_limit_dsp(output, p.broadcast.row, p.clamp_min, p.clamp_max);
}

/** MUL on int8: all rows, one after the other. */
static inline void eonc_mul_s8_dsp(const eonc_mul_s8_dsp_params &p, const int8_t *input_1, const int8_t *input_2,
                                   int8_t *output) {
  eonc_broadcast_position at = {};
  for (int32_t row = 0; row < p.broadcast.rows; ++row) {
    eonc_mul_s8_dsp_row(p, input_1 + at.input_1, input_2 + at.input_2, output);
    output += p.broadcast.row;
    eonc_broadcast_next(p.broadcast, at);
  }
}
