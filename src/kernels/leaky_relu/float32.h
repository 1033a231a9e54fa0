#pragma once
#include <stdint.h>

/** Parameters of LEAKY_RELU on float32. */
struct eonc_leaky_relu_f32_params {
  int32_t count; /* elements */
  float alpha;   /* factor of elements that are not positive; of any sign and size */
};

/** Each element, times alpha where it is not positive; input and output may be the same memory. */
static inline void eonc_leaky_relu_f32(const eonc_leaky_relu_f32_params &p, const float *input, float *output) {
  for (int32_t i = 0; i < p.count; ++i) {
    output[i] = input[i] > 0.0F ? input[i] : input[i] * p.alpha;
  }
}
