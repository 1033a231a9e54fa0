#pragma once
#include "../common/float.h"

/** Parameters of FULLY_CONNECTED on float32; all arrays are in ROM. */
struct eonc_fully_connected_f32_params {
  eonc_rom<float> weights; /* [outputs][inputs] */
  eonc_rom<float> bias;    /* [outputs] */
  int32_t rows;            /* input vectors */
  int32_t inputs;          /* elements of an input vector */
  int32_t outputs;         /* elements of an output vector */
  float clamp_min;
  float clamp_max;
};

/** One output vector of FULLY_CONNECTED. */
static inline void eonc_fully_connected_f32_row(const eonc_fully_connected_f32_params &p, const float *input,
                                                float *output) {
  eonc_rom<float> weights = p.weights;
  for (int32_t channel = 0; channel < p.outputs; ++channel, weights += p.inputs) {
    const float sum = eonc_dot_f32(0.0F, input, weights, p.inputs);
    *output++ = eonc_clamp_f32(sum + p.bias[channel], p.clamp_min, p.clamp_max);
  }
}

/** FULLY_CONNECTED on float32: all vectors, one after the other. */
static inline void eonc_fully_connected_f32(const eonc_fully_connected_f32_params &p, const float *input,
                                            float *output) {
  for (int32_t row = 0; row < p.rows; ++row, input += p.inputs, output += p.outputs) {
    eonc_fully_connected_f32_row(p, input, output);
  }
}
