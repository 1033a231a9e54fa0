#pragma once
/* Arithmetic on the 128-bit vectors of WebAssembly, exact as that of `integer.h`. */
#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

#include "integer.h"

/** `eonc_multiply_high` in each lane. */
static inline v128_t eonc_multiply_high_x4(v128_t a, v128_t b) {
  const v128_t half = wasm_i64x2_splat(INT64_C(1) << 30);
  const v128_t low = wasm_u64x2_shr(wasm_i64x2_add(wasm_i64x2_extmul_low_i32x4(a, b), half), 31);
  const v128_t high = wasm_u64x2_shr(wasm_i64x2_add(wasm_i64x2_extmul_high_i32x4(a, b), half), 31);
  return wasm_i32x4_shuffle(low, high, 0, 2, 4, 6);
}

/** 2^exponent in each lane, for exponents from 0 to 30: as the exponent of a float. */
static inline v128_t eonc_power_of_two_x4(v128_t exponent) {
  return wasm_i32x4_trunc_sat_f32x4(wasm_i32x4_shl(wasm_i32x4_add(exponent, wasm_i32x4_splat(127)), 23));
}

/** What four accumulators are scaled by. Vectors have no shift by lane, so that shifts are products here. */
struct eonc_scale_x4 {
  v128_t left; /* 2^shift where that is to the left, else 1 */
  v128_t multiplier;
  v128_t right; /* 2^(31 + shift) where that is to the right */
  v128_t exact; /* all ones where nothing is shifted to the right */
};

/** The scale of four multipliers and shifts, one in each lane. */
static inline eonc_scale_x4 eonc_make_scale_x4(v128_t multiplier, v128_t shift) {
  const v128_t zero = wasm_i32x4_splat(0);
  eonc_scale_x4 scale;
  scale.left = eonc_power_of_two_x4(wasm_i32x4_max(shift, zero));
  scale.multiplier = multiplier;
  scale.right = eonc_power_of_two_x4(wasm_i32x4_add(wasm_i32x4_min(shift, zero), wasm_i32x4_splat(31)));
  scale.exact = wasm_i32x4_ge(shift, zero);
  return scale;
}

/**
 * `eonc_requantize` in each lane. Rounding x / 2^n half away from zero is rounding (x < 0 ? x - 1 : x) / 2^n half
 * towards
 * plus infinity, which is a high product with 2^(31 - n).
 */
static inline v128_t eonc_requantize_x4(v128_t accumulator, const eonc_scale_x4 &scale) {
  const v128_t high = eonc_multiply_high_x4(wasm_i32x4_mul(accumulator, scale.left), scale.multiplier);
  const v128_t lowered = wasm_i32x4_add(high, wasm_i32x4_shr(high, 31));
  return wasm_v128_bitselect(high, eonc_multiply_high_x4(lowered, scale.right), scale.exact);
}

/** Values of four channels, of which `count` exist; the others repeat the last one. */
static inline v128_t eonc_load_x4(const int32_t *values, int32_t count) {
  if (count >= 4) {
    return wasm_v128_load(values);
  }
  const int32_t second = values[count > 1 ? 1 : 0];
  const int32_t third = values[count - 1];
  return wasm_i32x4_make(values[0], second, third, third);
}

/** The same for int8, which become int32. */
static inline v128_t eonc_load_x4(const int8_t *values, int32_t count) {
  if (count >= 4) {
    return wasm_i32x4_extend_low_i16x8(wasm_i16x8_extend_low_i8x16(wasm_v128_load32_zero(values)));
  }
  const int32_t second = values[count > 1 ? 1 : 0];
  const int32_t third = values[count - 1];
  return wasm_i32x4_make(values[0], second, third, third);
}

/** Writes the values of up to four channels. */
static inline void eonc_store_x4(int32_t *values, v128_t lanes, int32_t count) {
  if (count >= 4) {
    wasm_v128_store(values, lanes);
    return;
  }
  for (int32_t i = 0; i < count; ++i, lanes = wasm_i32x4_shuffle(lanes, lanes, 1, 2, 3, 0)) {
    values[i] = wasm_i32x4_extract_lane(lanes, 0);
  }
}

/** The scale of four channels from `channel` on, of which `count` exist. */
template <typename Params>
static inline eonc_scale_x4 eonc_channel_scale_x4(const Params &p, int32_t channel, int32_t count) {
  const int32_t first = channel * p.channel_step;
  const int32_t scales = p.channel_step == 0 ? 1 : count;
  return eonc_make_scale_x4(eonc_load_x4(p.multiplier + first, scales), eonc_load_x4(p.shift + first, scales));
}

/** Eight outputs of scaled values, in the lower half: adds the zero point modulo 2^32, limits, and narrows. */
template <typename Params>
static inline v128_t eonc_output_x8(const Params &p, v128_t low, v128_t high) {
  const v128_t zero_point = wasm_i32x4_splat(p.output_zero_point);
  const v128_t wide = wasm_i16x8_narrow_i32x4(wasm_i32x4_add(low, zero_point), wasm_i32x4_add(high, zero_point));
  const v128_t narrow = wasm_i8x16_narrow_i16x8(wide, wide);
  const v128_t limited = wasm_i8x16_max(narrow, wasm_i8x16_splat(static_cast<int8_t>(p.clamp_min)));
  return wasm_i8x16_min(limited, wasm_i8x16_splat(static_cast<int8_t>(p.clamp_max)));
}

/** Eight int8 as int16. */
static inline v128_t eonc_load_x8(const int8_t *values) { return wasm_i16x8_load8x8(values); }

/** Eight elements of an operand as int16: `step` is 1, or 0 where one element stands for all. */
static inline v128_t eonc_load_stepped_x8(const int8_t *values, int32_t step) {
  return step == 0 ? wasm_i16x8_splat(*values) : eonc_load_x8(values);
}
