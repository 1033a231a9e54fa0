#pragma once
/* Scaling that ADD and SUB share, on four elements at a time: see `sum.h`. */
#include "sum.h"
#include "wasm_simd128.h"

/** The scales of both operands and of their sum, the same in each lane. */
struct eonc_sum_scales_x4 {
  eonc_scale_x4 operand_1;
  eonc_scale_x4 operand_2;
  eonc_scale_x4 output;
};

/** The scales of a sum as vectors. */
static inline eonc_sum_scales_x4 eonc_make_sum_scales_x4(const eonc_sum_scaling &s) {
  eonc_sum_scales_x4 scales;
  scales.operand_1 = eonc_make_scale_x4(wasm_i32x4_splat(s.multiplier_1), wasm_i32x4_splat(s.shift_1));
  scales.operand_2 = eonc_make_scale_x4(wasm_i32x4_splat(s.multiplier_2), wasm_i32x4_splat(s.shift_2));
  scales.output = eonc_make_scale_x4(wasm_i32x4_splat(s.output_multiplier), wasm_i32x4_splat(s.output_shift));
  return scales;
}

/** Four operands (int16 less their zero point, as int32) on the common scale. */
static inline v128_t eonc_sum_operand_x4(v128_t value, const eonc_scale_x4 &scale) {
  return eonc_requantize_x4(wasm_i32x4_shl(value, 20), scale);
}
