#pragma once
#include "dsp.h"

/**
 * AVERAGE_POOL_2D on int8 with one window that covers the whole image, whose rows come one by one: takes `count`
 * elements, whole pixels of a multiple of 4 channels, at most 256 of them, from element `from` on. The last ones give
 * the output. One accumulator a channel.
 */
static inline void eonc_average_pool_2d_s8_dsp_accumulate(const eonc_average_pool_2d_s8_dsp_params &p,
                                                          int32_t *accumulators, const int8_t *input, int32_t from,
                                                          int32_t count, int8_t *output) {
  const int32_t channels = p.window.input_channels;
  const int32_t pixels = p.window.input_height * p.window.input_width;
  const bool last = from + count == pixels * channels;
  for (int32_t channel = 0; channel < channels; channel += 4, accumulators += 4) {
    uint32_t even = 0;
    uint32_t odd = 0;
    const int8_t *const end = input + channel + count;
    for (const int8_t *tap = input + channel; tap != end; tap += channels) {
      eonc_average_pool_2d_s8_dsp_add(eonc_load_4(tap), even, odd);
    }
    const int32_t sums[4] = {static_cast<int16_t>(even), static_cast<int16_t>(odd), static_cast<int32_t>(even) >> 16,
                             static_cast<int32_t>(odd) >> 16};
    for (int32_t i = 0; i < 4; ++i) {
      accumulators[i] = sums[i] + (from == 0 ? 0 : accumulators[i]);
      if (last) {
        output[channel + i] = eonc_average_pool_2d_s8_dsp_mean(p, accumulators[i], pixels);
      }
    }
  }
}
