#pragma once
#include <stdint.h>

/** Parameters of DEQUANTIZE from int8 to float32. */
struct eonc_dequantize_s8_f32_params {
  int32_t count; /* elements */
  float scale;   /* of the input */
  int16_t zero_point;
};

/** DEQUANTIZE from int8 to float32: scale times a small integer is rounded once, so double would give the same. */
static inline void eonc_dequantize_s8_f32(const eonc_dequantize_s8_f32_params &p, const int8_t *input, float *output) {
  for (int32_t i = 0; i < p.count; ++i) {
    output[i] = p.scale * static_cast<float>(input[i] - p.zero_point);
  }
}
