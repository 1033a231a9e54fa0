#pragma once
#include "mve.h"

/**
 * AVERAGE_POOL_2D on int8 with one window that covers the whole image, whose rows come one by one: takes `count`
 * elements, whole pixels, from element `from` on. The last ones give the output. One accumulator a channel.
 */
static inline void eonc_average_pool_2d_s8_mve_accumulate(const eonc_average_pool_2d_s8_mve_params &p,
                                                          int32_t *accumulators, const int8_t *input, int32_t from,
                                                          int32_t count, int8_t *output) {
  const int32_t channels = p.window.input_channels;
  const int32_t pixels = p.window.input_height * p.window.input_width;
  if (from == 0) {
    for (int32_t i = 0; i < channels; ++i) {
      accumulators[i] = 0;
    }
  }
  EONC_SYMBOL(average_pool_2d_s8_mve_add)(input, count / channels, channels, accumulators, channels);
  if (from + count == pixels * channels) {
    eonc_average_pool_2d_s8_mve_means(p, accumulators, pixels, channels, output);
  }
}
