#pragma once
#include "portable_accumulate.h"
#include "wasm_simd128.h"

/**
 * AVERAGE_POOL_2D on int8 with one window that covers the whole image, whose rows come one by one: takes `count`
 * elements, whole pixels, from element `from` on. The last ones give the output. One accumulator a channel.
 */
static inline void eonc_average_pool_2d_s8_wasm_simd128_accumulate(const eonc_average_pool_2d_s8_params &p,
                                                                   int32_t *accumulators, const int8_t *input,
                                                                   int32_t from, int32_t count, int8_t *output) {
  const int32_t channels = p.window.input_channels;
  const int32_t pixels = p.window.input_height * p.window.input_width;
  if (channels % 8 != 0 || pixels > eonc_average_pool_2d_s8_taps) {
    eonc_average_pool_2d_s8_accumulate(p, accumulators, input, from, count, output);
    return;
  }
  for (int32_t channel = 0; channel < channels; channel += 8) {
    int32_t *const sums = accumulators + channel;
    v128_t low = from == 0 ? wasm_i32x4_splat(0) : wasm_v128_load(sums);
    v128_t high = from == 0 ? wasm_i32x4_splat(0) : wasm_v128_load(sums + 4);
    for (int32_t i = channel; i < count; i += channels) {
      const v128_t values = eonc_load_x8(input + i);
      low = wasm_i32x4_add(low, wasm_i32x4_extend_low_i16x8(values));
      high = wasm_i32x4_add(high, wasm_i32x4_extend_high_i16x8(values));
    }
    if (from + count == pixels * channels) {
      wasm_v128_store64_lane(output + channel, eonc_means_x8(p, low, high, pixels), 0);
    } else {
      wasm_v128_store(sums, low);
      wasm_v128_store(sums + 4, high);
    }
  }
}
