#pragma once
#include "portable.h"

/**
 * FULLY_CONNECTED on int8 of one vector that comes piece by piece: takes `count` elements from element `from` on. The
 * last ones give the output. One accumulator an output.
 */
static inline void eonc_fully_connected_s8_accumulate(const eonc_fully_connected_s8_params &p, int32_t *accumulators,
                                                      const int8_t *input, int32_t from, int32_t count,
                                                      int8_t *output) {
  eonc_rom<int8_t> weights = p.weights + from;
  for (int32_t channel = 0; channel < p.outputs; ++channel, weights += p.inputs) {
    const int32_t before = from == 0 ? p.bias[channel] : accumulators[channel];
    const uint32_t sum = eonc_dot_s8(static_cast<uint32_t>(before), input, weights, count);
    accumulators[channel] = static_cast<int32_t>(sum);
  }
  if (from + count == p.inputs) {
    for (int32_t channel = 0; channel < p.outputs; ++channel) {
      const int32_t scale = channel * p.channel_step;
      const int32_t scaled = eonc_requantize(accumulators[channel], p.multiplier[scale], p.shift[scale]);
      output[channel] = eonc_clamp_s8(eonc_wrapping_add(scaled, p.output_zero_point), p.clamp_min, p.clamp_max);
    }
  }
}
