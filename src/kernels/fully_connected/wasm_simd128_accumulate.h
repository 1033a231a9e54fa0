#pragma once
#include "portable_accumulate.h"
#include "wasm_simd128.h"

/**
 * FULLY_CONNECTED on int8 of one vector that comes piece by piece: takes `count` elements from element `from` on. The
 * last ones give the output. One accumulator an output.
 */
static inline void eonc_fully_connected_s8_wasm_simd128_accumulate(const eonc_fully_connected_s8_params &p,
                                                                   int32_t *accumulators, const int8_t *input,
                                                                   int32_t from, int32_t count, int8_t *output) {
  if (count < 8 || p.outputs < 4) {
    eonc_fully_connected_s8_accumulate(p, accumulators, input, from, count, output);
    return;
  }
  const int8_t *const single[1] = {input};
  const bool last = from + count == p.inputs;
  const int32_t *const before = from == 0 ? p.bias : accumulators;
  for (int32_t channel = 0; channel < p.outputs; channel += 4) {
    const int32_t size = p.outputs - channel < 4 ? p.outputs - channel : 4;
    v128_t totals[1];
    eonc_dot_x4(totals, single, eonc_channel_weights_x4(p.weights + channel * p.inputs + from, p.inputs, size), count);
    const v128_t sum = wasm_i32x4_add(totals[0], eonc_load_x4(before + channel, size));
    if (last) {
      const v128_t scaled = eonc_requantize_x4(sum, eonc_channel_scale_x4(p, channel, size));
      eonc_store_x4<0>(output + channel, eonc_output_x8(p, scaled, scaled), size);
    } else {
      eonc_store_x4(accumulators + channel, sum, size);
    }
  }
}
