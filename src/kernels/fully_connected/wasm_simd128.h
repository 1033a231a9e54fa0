#pragma once
#include "../common/wasm_simd128_dot.h"
#include "portable.h"

/** The set shares parameters with the portable kernels. */
using eonc_fully_connected_s8_wasm_simd128_params = eonc_fully_connected_s8_params;

/** One output vector of FULLY_CONNECTED. */
static inline void eonc_fully_connected_s8_wasm_simd128_row(const eonc_fully_connected_s8_params &p,
                                                            const int8_t *input, int8_t *output) {
  if (p.inputs < 8) {
    eonc_fully_connected_s8_row(p, input, output);
    return;
  }
  const int8_t *const single[1] = {input};
  eonc_channels_x4(p, single, p.inputs, p.outputs, output);
}

/** FULLY_CONNECTED on int8: all vectors, two at a time. */
static inline void eonc_fully_connected_s8_wasm_simd128(const eonc_fully_connected_s8_params &p, const int8_t *input,
                                                        int8_t *output) {
  int32_t row = 0;
  if (p.inputs >= 8) {
    for (; row + 2 <= p.rows; row += 2, input += 2 * p.inputs, output += 2 * p.outputs) {
      const int8_t *const pair[2] = {input, input + p.inputs};
      eonc_channels_x4(p, pair, p.inputs, p.outputs, output);
    }
  }
  for (; row < p.rows; ++row, input += p.inputs, output += p.outputs) {
    eonc_fully_connected_s8_wasm_simd128_row(p, input, output);
  }
}
