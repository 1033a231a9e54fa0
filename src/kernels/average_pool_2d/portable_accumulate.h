#pragma once
#include "portable.h"

/**
 * AVERAGE_POOL_2D on int8 with one window that covers the whole image, whose rows come one by one: takes `count`
 * elements, whole pixels, from element `from` on. The last ones give the output. One accumulator a channel.
 */
static inline void eonc_average_pool_2d_s8_accumulate(const eonc_average_pool_2d_s8_params &p, int32_t *accumulators,
                                                      const int8_t *input, int32_t from, int32_t count,
                                                      int8_t *output) {
  const int32_t channels = p.window.input_channels;
  const int32_t pixels = p.window.input_height * p.window.input_width;
  for (int32_t channel = 0; channel < channels; ++channel) {
    int32_t sum = from == 0 ? 0 : accumulators[channel];
    for (int32_t i = channel; i < count; i += channels) {
      sum += input[i];
    }
    accumulators[channel] = sum;
  }
  if (from + count == pixels * channels) {
    for (int32_t channel = 0; channel < channels; ++channel) {
      const int32_t sum = accumulators[channel];
      const int32_t mean = eonc_rounded_quotient(sum, pixels);
      output[channel] = eonc_clamp_s8(mean, p.clamp_min, p.clamp_max);
    }
  }
}
