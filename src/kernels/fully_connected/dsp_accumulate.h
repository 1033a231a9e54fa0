#pragma once
#include "dsp.h"

/**
 * FULLY_CONNECTED on int8 of one vector that comes piece by piece: takes `count` elements from element `from` on, both
 * multiples of 4. The last ones give the output. One accumulator an output; the stream is all pairs.
 */
static inline void eonc_fully_connected_s8_dsp_accumulate(const eonc_fully_connected_s8_dsp_params &p,
                                                          int32_t *accumulators, const int8_t *input, int32_t from,
                                                          int32_t count, int8_t *output) {
  const eonc_fully_connected_s8_dsp_stream stream = eonc_fully_connected_s8_dsp_parts(p);
  const int32_t *pair = stream.pairs;
  const bool last = from + count == p.inputs;
  for (int32_t i = 0; i < p.outputs; i += 2, pair += stream.pair_words) {
    const bool both = i + 1 < p.outputs;
    const int32_t *const before = from == 0 ? pair : accumulators + i;
    eonc_pair_dsp sums = {static_cast<uint32_t>(before[0]), both ? static_cast<uint32_t>(before[1]) : 0u};
    eonc_fully_connected_s8_dsp_sum(input, pair + 2 + from / 2, count, sums);
    accumulators[i] = static_cast<int32_t>(sums.a);
    if (both) {
      accumulators[i + 1] = static_cast<int32_t>(sums.b);
    }
    if (last) {
      eonc_fully_connected_s8_dsp_put(sums, stream, pair, output + i, both);
    }
  }
  if (last) {
    eonc_limit_dsp(output, p.outputs, p.clamp_min, p.clamp_max);
  }
}
