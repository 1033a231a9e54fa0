#pragma once
#include "../common/float.h"

/** Parameters of HARD_SWISH on float32. */
struct eonc_hard_swish_f32_params {
  int32_t count; /* elements */
};

/** x * min(max(x + 3, 0), 6) / 6 of each element; input and output may be the same memory. */
static inline void eonc_hard_swish_f32(const eonc_hard_swish_f32_params &p, const float *input, float *output) {
  for (int32_t i = 0; i < p.count; ++i) {
    output[i] = input[i] * eonc_clamp_f32(input[i] + 3.0F, 0.0F, 6.0F) / 6.0F;
  }
}
