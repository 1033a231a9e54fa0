#pragma once
#include "float32.h"

/**
 * FULLY_CONNECTED on float32 of one vector that comes piece by piece: takes `count` elements from element `from` on.
 * The last ones give the output. One accumulator an output.
 */
static inline void eonc_fully_connected_f32_accumulate(const eonc_fully_connected_f32_params &p, float *accumulators,
                                                       const float *input, int32_t from, int32_t count, float *output) {
  eonc_rom<float> weights = p.weights + from;
  for (int32_t channel = 0; channel < p.outputs; ++channel, weights += p.inputs) {
    accumulators[channel] = eonc_dot_f32(from == 0 ? 0.0F : accumulators[channel], input, weights, count);
  }
  if (from + count == p.inputs) {
    for (int32_t channel = 0; channel < p.outputs; ++channel) {
      output[channel] = eonc_clamp_f32(accumulators[channel] + p.bias[channel], p.clamp_min, p.clamp_max);
    }
  }
}
