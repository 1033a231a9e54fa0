#pragma once
#include <math.h>
#include <stdint.h>

/** Parameters of TANH on float32. */
struct eonc_tanh_f32_params {
  int32_t count; /* elements */
};

/** Hyperbolic tangent of each element; input and output may be the same memory. */
static inline void eonc_tanh_f32(const eonc_tanh_f32_params &p, const float *input, float *output) {
  for (int32_t i = 0; i < p.count; ++i) {
    output[i] = tanhf(input[i]);
  }
}
