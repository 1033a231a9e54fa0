#pragma once
#include <math.h>
#include <stdint.h>

/** Parameters of LOGISTIC on float32. */
struct eonc_logistic_f32_params {
  int32_t count; /* elements */
};

/** 1 / (1 + exp(-x)) of each element; input and output may be the same memory. */
static inline void eonc_logistic_f32(const eonc_logistic_f32_params &p, const float *input, float *output) {
  for (int32_t i = 0; i < p.count; ++i) {
    const float value = input[i];
    if (value > 16.619047164916992F) { /* rounds to 1 */
      output[i] = 1.0F;
    } else if (value < -9.0F) { /* TensorFlow Lite takes exp(x) here, up to 1.2e-4 above the true value */
      output[i] = expf(value);
    } else {
      output[i] = 1.0F / (1.0F + expf(-value));
    }
  }
}
