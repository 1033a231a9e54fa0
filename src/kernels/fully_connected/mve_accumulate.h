#pragma once
#include "mve.h"

/**
 * FULLY_CONNECTED on int8 of one vector that comes piece by piece: takes `count` elements from element `from` on. The
 * last ones give the output. One accumulator an output; the stream is single channels.
 */
static inline void eonc_fully_connected_s8_mve_accumulate(const eonc_fully_connected_s8_mve_params &p,
                                                          int32_t *accumulators, const int8_t *input, int32_t from,
                                                          int32_t count, int8_t *output) {
  const int32_t inputs = p.blocks.whole + p.blocks.rest;
  const int32_t outputs = p.blocks.output_step;
  const int32_t *channel = p.stream;
  for (int32_t i = 0; i < outputs; ++i, channel += eonc_channel_words_mve(inputs)) {
    const uint32_t before = static_cast<uint32_t>(from == 0 ? channel[0] : accumulators[i]);
    const uint32_t sum = EONC_SYMBOL(mve_dot)(before, input, eonc_channel_weights_mve(channel) + from, count);
    accumulators[i] = static_cast<int32_t>(sum);
    if (from + count == inputs) {
      output[i] = eonc_channel_output_mve(p.blocks, sum, channel);
    }
  }
}
