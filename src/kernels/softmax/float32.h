#pragma once
#include <math.h>
#include <stdint.h>

/** Parameters of SOFTMAX on float32. */
struct eonc_softmax_f32_params {
  int32_t rows;  /* vectors */
  int32_t depth; /* elements of a vector */
  float beta;    /* factor of the inputs */
};

/** SOFTMAX of one vector; input and output may be the same memory. */
static inline void eonc_softmax_f32_row(const eonc_softmax_f32_params &p, const float *input, float *output) {
  float max = input[0];
  for (int32_t i = 1; i < p.depth; ++i) {
    max = input[i] > max ? input[i] : max;
  }
  float sum = 0.0F;
  for (int32_t i = 0; i < p.depth; ++i) {
    const float power = expf((input[i] - max) * p.beta);
    output[i] = power;
    sum += power;
  }
  for (int32_t i = 0; i < p.depth; ++i) {
    output[i] /= sum;
  }
}

/** SOFTMAX on float32 over the last dimension. */
static inline void eonc_softmax_f32(const eonc_softmax_f32_params &p, const float *input, float *output) {
  for (int32_t row = 0; row < p.rows; ++row, input += p.depth, output += p.depth) {
    eonc_softmax_f32_row(p, input, output);
  }
}
