#pragma once
#include "../common/wasm_simd128.h"
#include "portable.h"

/** The set shares parameters with the portable kernels. */
using eonc_mul_s8_wasm_simd128_params = eonc_mul_s8_params;

/** One row of MUL; the output may be the memory of an input that it does not stretch. */
static inline void eonc_mul_s8_wasm_simd128_row(const eonc_mul_s8_params &p, const int8_t *input_1,
                                                const int8_t *input_2, int8_t *output) {
  const eonc_broadcast &shape = p.broadcast;
  const eonc_scale_x4 scale = eonc_make_scale_x4(wasm_i32x4_splat(p.multiplier), wasm_i32x4_splat(p.shift));
  const v128_t zero_point_1 = wasm_i16x8_splat(p.zero_point_1);
  const v128_t zero_point_2 = wasm_i16x8_splat(p.zero_point_2);
  int32_t i = 0;
  for (; i + 8 <= shape.row; i += 8) {
    const v128_t a = wasm_i16x8_sub(eonc_load_stepped_x8(input_1 + i * shape.step_1, shape.step_1), zero_point_1);
    const v128_t b = wasm_i16x8_sub(eonc_load_stepped_x8(input_2 + i * shape.step_2, shape.step_2), zero_point_2);
    const v128_t low = eonc_requantize_x4(wasm_i32x4_extmul_low_i16x8(a, b), scale);
    const v128_t high = eonc_requantize_x4(wasm_i32x4_extmul_high_i16x8(a, b), scale);
    wasm_v128_store64_lane(output + i, eonc_output_x8(p, low, high), 0);
  }
  for (; i < shape.row; ++i) {
    const int32_t product = (input_1[i * shape.step_1] - p.zero_point_1) * (input_2[i * shape.step_2] - p.zero_point_2);
    const int32_t scaled = eonc_requantize(product, p.multiplier, p.shift);
    output[i] = eonc_clamp_s8(eonc_wrapping_add(scaled, p.output_zero_point), p.clamp_min, p.clamp_max);
  }
}

/** MUL on int8: all rows, one after the other. */
static inline void eonc_mul_s8_wasm_simd128(const eonc_mul_s8_params &p, const int8_t *input_1, const int8_t *input_2,
                                            int8_t *output) {
  eonc_broadcast_position at = {};
  for (int32_t row = 0; row < p.broadcast.rows; ++row) {
    eonc_mul_s8_wasm_simd128_row(p, input_1 + at.input_1, input_2 + at.input_2, output);
    output += p.broadcast.row;
    eonc_broadcast_next(p.broadcast, at);
  }
}
