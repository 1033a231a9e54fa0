#pragma once
#include "../common/wasm_simd128_sum.h"
#include "portable.h"

/** The set shares parameters with the portable kernels. */
using eonc_sub_s8_wasm_simd128_params = eonc_sub_s8_params;

/** One row of SUB; the output may be the memory of an input that it does not stretch. */
static inline void eonc_sub_s8_wasm_simd128_row(const eonc_sub_s8_params &p, const int8_t *input_1,
                                                const int8_t *input_2, int8_t *output) {
  const eonc_sum_scaling &s = p.scaling;
  const eonc_sum_scales_x4 scales = eonc_make_sum_scales_x4(s);
  const v128_t zero_point_1 = wasm_i16x8_splat(s.zero_point_1);
  const v128_t zero_point_2 = wasm_i16x8_splat(s.zero_point_2);
  int32_t i = 0;
  for (; i + 8 <= p.broadcast.row; i += 8) {
    const v128_t a =
        wasm_i16x8_sub(eonc_load_stepped_x8(input_1 + i * p.broadcast.step_1, p.broadcast.step_1), zero_point_1);
    const v128_t b =
        wasm_i16x8_sub(eonc_load_stepped_x8(input_2 + i * p.broadcast.step_2, p.broadcast.step_2), zero_point_2);
    const v128_t low = wasm_i32x4_sub(eonc_sum_operand_x4(wasm_i32x4_extend_low_i16x8(a), scales.operand_1),
                                      eonc_sum_operand_x4(wasm_i32x4_extend_low_i16x8(b), scales.operand_2));
    const v128_t high = wasm_i32x4_sub(eonc_sum_operand_x4(wasm_i32x4_extend_high_i16x8(a), scales.operand_1),
                                       eonc_sum_operand_x4(wasm_i32x4_extend_high_i16x8(b), scales.operand_2));
    wasm_v128_store64_lane(
        output + i, eonc_output_x8(s, eonc_requantize_x4(low, scales.output), eonc_requantize_x4(high, scales.output)),
        0);
  }
  for (; i < p.broadcast.row; ++i) {
    const int32_t a = eonc_sum_operand(input_1[i * p.broadcast.step_1], s.zero_point_1, s.multiplier_1, s.shift_1);
    const int32_t b = eonc_sum_operand(input_2[i * p.broadcast.step_2], s.zero_point_2, s.multiplier_2, s.shift_2);
    output[i] = eonc_sum_output(s, a - b);
  }
}

/** SUB on int8: all rows, one after the other. */
static inline void eonc_sub_s8_wasm_simd128(const eonc_sub_s8_params &p, const int8_t *input_1, const int8_t *input_2,
                                            int8_t *output) {
  eonc_broadcast_position at = {};
  for (int32_t row = 0; row < p.broadcast.rows; ++row) {
    eonc_sub_s8_wasm_simd128_row(p, input_1 + at.input_1, input_2 + at.input_2, output);
    output += p.broadcast.row;
    eonc_broadcast_next(p.broadcast, at);
  }
}
