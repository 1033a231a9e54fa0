#pragma once
#include "armv6m.h"

/**
 * FULLY_CONNECTED on int8 of one vector that comes piece by piece: takes `count` elements from element `from` on, both
 * multiples of 4. The last ones give the output. One accumulator an output.
 */
static inline void eonc_fully_connected_s8_armv6m_accumulate(const eonc_fully_connected_s8_armv6m_params &p,
                                                             int32_t *accumulators, const int8_t *input, int32_t from,
                                                             int32_t count, int8_t *output) {
  const int32_t words = eonc_fully_connected_s8_armv6m_block(p);
  const int32_t pairs = p.outputs / 2;
  if (from == 0) {
    const int32_t *bias = p.stream;
    for (int32_t i = 0; i < p.outputs; ++i) {
      accumulators[i] = bias[i % 2];
      bias += i % 2 == 0 ? 0 : words;
    }
  }
  eonc_fully_connected_s8_armv6m_add(p, input, from, count, p.stream, pairs, accumulators);
  if (p.outputs % 2 != 0) { /* of the last pair only one output exists */
    int32_t sums[2] = {accumulators[2 * pairs], 0};
    eonc_fully_connected_s8_armv6m_add(p, input, from, count, p.stream + pairs * words, 1, sums);
    accumulators[2 * pairs] = sums[0];
  }
  if (from + count == p.inputs) {
    eonc_fully_connected_s8_armv6m_scale(p, accumulators, 0, p.outputs, output);
    eonc_limit_armv6m(output, p.outputs, p.clamp_min, p.clamp_max);
  }
}
