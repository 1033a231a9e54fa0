#pragma once
#include "../common/integer.h"

/** Parameters of QUANTIZE from float32 to int8. */
struct eonc_quantize_f32_s8_params {
  int32_t count; /* elements */
  float scale;   /* of the output */
  int16_t zero_point;
};

/**
 * Rounds half away from zero. Beyond +-512 it gives +-512, which saturates int8 with any zero point; NaN gives 0. So no
 * conversion overflows.
 */
static inline int32_t eonc_round_saturating(float value) {
  if (value >= 512.0F) {
    return 512;
  }
  if (value <= -512.0F) {
    return -512;
  }
  if (!(value > -512.0F)) { /* NaN */
    return 0;
  }
  const int32_t whole = static_cast<int32_t>(value);
  const float rest = value - static_cast<float>(whole);
  return whole + (rest >= 0.5F ? 1 : 0) - (rest <= -0.5F ? 1 : 0);
}

/** QUANTIZE from float32 to int8. The output may begin where the input does: element i lies at or before its source. */
static inline void eonc_quantize_f32_s8(const eonc_quantize_f32_s8_params &p, const float *input, int8_t *output) {
  for (int32_t i = 0; i < p.count; ++i) {
    output[i] = eonc_clamp_s8(eonc_round_saturating(input[i] / p.scale) + p.zero_point, -128, 127);
  }
}
