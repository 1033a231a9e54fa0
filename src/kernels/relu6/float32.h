#pragma once
#include "../common/float.h"

/** Parameters of RELU6 on float32. */
struct eonc_relu6_f32_params {
  int32_t count; /* elements */
};

/** Each element limited to [0, 6]; input and output may be the same memory. */
static inline void eonc_relu6_f32(const eonc_relu6_f32_params &p, const float *input, float *output) {
  for (int32_t i = 0; i < p.count; ++i) {
    output[i] = eonc_clamp_f32(input[i], 0.0F, 6.0F);
  }
}
