#pragma once
#include "float32.h"

/**
 * MEAN on float32 over all pixels of an image whose rows come one by one: takes `count` elements, whole pixels, from
 * element `from` on. The last ones give the output. One accumulator a channel.
 */
static inline void eonc_mean_f32_accumulate(const eonc_mean_f32_params &p, float *accumulators, const float *input,
                                            int32_t from, int32_t count, float *output) {
  const eonc_reduction &r = p.reduction;
  const int32_t channels = r.kept_extent_2;
  for (int32_t channel = 0; channel < channels; ++channel) {
    float sum = from == 0 ? 0.0F : accumulators[channel];
    for (int32_t i = channel; i < count; i += channels) {
      sum += input[i];
    }
    accumulators[channel] = sum;
  }
  if (from + count == r.reduced_extent_2 * channels) {
    for (int32_t channel = 0; channel < channels; ++channel) {
      output[channel] = accumulators[channel] / p.count;
    }
  }
}
