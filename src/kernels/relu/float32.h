#pragma once
#include <stdint.h>

/** Parameters of RELU on float32. */
struct eonc_relu_f32_params {
  int32_t count; /* elements */
};

/** Each element, 0 where it is negative; input and output may be the same memory. */
static inline void eonc_relu_f32(const eonc_relu_f32_params &p, const float *input, float *output) {
  for (int32_t i = 0; i < p.count; ++i) {
    output[i] = input[i] < 0.0F ? 0.0F : input[i];
  }
}
