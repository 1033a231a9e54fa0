#pragma once
#include "float32.h"

/**
 * AVERAGE_POOL_2D on float32 with one window that covers the whole image, whose rows come one by one: takes `count`
 * elements, whole pixels, from element `from` on. The last ones give the output. One accumulator a channel.
 */
static inline void eonc_average_pool_2d_f32_accumulate(const eonc_average_pool_2d_f32_params &p, float *accumulators,
                                                       const float *input, int32_t from, int32_t count, float *output) {
  const int32_t channels = p.window.input_channels;
  const int32_t pixels = p.window.input_height * p.window.input_width;
  for (int32_t channel = 0; channel < channels; ++channel) {
    float sum = from == 0 ? 0.0F : accumulators[channel];
    for (int32_t i = channel; i < count; i += channels) {
      sum += input[i];
    }
    accumulators[channel] = sum;
  }
  if (from + count == pixels * channels) {
    for (int32_t channel = 0; channel < channels; ++channel) {
      output[channel] = eonc_clamp_f32(accumulators[channel] / static_cast<float>(pixels), p.clamp_min, p.clamp_max);
    }
  }
}
