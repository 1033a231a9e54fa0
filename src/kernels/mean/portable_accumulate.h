#pragma once
#include "portable.h"

/**
 * MEAN on int8 over all pixels of an image whose rows come one by one: takes `count` elements, whole pixels, from
 * element `from` on. The last ones give the output. One accumulator a channel.
 */
static inline void eonc_mean_s8_accumulate(const eonc_mean_s8_params &p, int32_t *accumulators, const int8_t *input,
                                           int32_t from, int32_t count, int8_t *output) {
  const eonc_reduction &r = p.reduction;
  const int32_t channels = r.kept_extent_2;
  for (int32_t channel = 0; channel < channels; ++channel) {
    uint32_t sum = static_cast<uint32_t>(from == 0 ? p.sum_offset : accumulators[channel]);
    for (int32_t i = channel; i < count; i += channels) {
      sum += static_cast<uint32_t>(input[i]);
    }
    accumulators[channel] = static_cast<int32_t>(sum);
  }
  if (from + count == r.reduced_extent_2 * channels) {
    for (int32_t channel = 0; channel < channels; ++channel) {
      const int32_t scaled = eonc_requantize(accumulators[channel], p.multiplier, p.shift);
      output[channel] = eonc_clamp_s8(eonc_wrapping_add(scaled, p.output_zero_point), -128, 127);
    }
  }
}
