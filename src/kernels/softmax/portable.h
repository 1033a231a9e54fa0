#pragma once
#include "../common/integer.h"
#include "../common/rom.h"

/** Parameters of SOFTMAX on int8. */
struct eonc_softmax_s8_params {
  eonc_rom<int32_t> exponentials; /* exp(-i * beta * scale) in units of 2^-31, in ROM */
  int32_t rows;                   /* vectors */
  int32_t depth;                  /* elements of a vector */
  int32_t entries;                /* of exponentials; larger differences count as zero */
};

/**
 * 1 / (1 + x) for x in [0, 1), both in units of 2^-31: three Newton-Raphson steps from 48/17 - 32/17 d, as gemmlowp
 * does it. Intermediate values are in units of 2^-29.
 */
static inline int32_t eonc_one_over_one_plus(int32_t x) {
  const int32_t denominator = static_cast<int32_t>((static_cast<int64_t>(x) + INT32_MAX + 1) / 2);
  int32_t reciprocal = 1515870810 + eonc_multiply_high(denominator, -1010580540);
  for (int i = 0; i < 3; ++i) {
    const int32_t error = (INT32_C(1) << 29) - eonc_multiply_high(reciprocal, denominator);
    reciprocal += eonc_multiply_high(error, reciprocal) * 4;
  }
  return reciprocal > INT32_MAX / 2 ? INT32_MAX : reciprocal * 2;
}

/** SOFTMAX of one vector; input and output may be the same memory. */
static inline void eonc_softmax_s8_row(const eonc_softmax_s8_params &p, const int8_t *input, int8_t *output) {
  int32_t max = input[0];
  for (int32_t i = 1; i < p.depth; ++i) {
    max = input[i] > max ? input[i] : max;
  }
  uint32_t sum = 0; /* with 12 integer bits */
  for (int32_t i = 0; i < p.depth; ++i) {
    const int32_t difference = max - input[i];
    if (difference < p.entries) {
      sum += static_cast<uint32_t>(eonc_rounding_shift_right(p.exponentials[difference], 12));
    }
  }
  int headroom = 0;
  while ((sum & (UINT32_C(1) << 31)) == 0u) {
    sum <<= 1;
    ++headroom;
  }
  const int32_t scale = eonc_one_over_one_plus(static_cast<int32_t>(sum - (UINT32_C(1) << 31)));
  const int exponent = 12 - headroom + 23;
  for (int32_t i = 0; i < p.depth; ++i) {
    const int32_t difference = max - input[i];
    int32_t value = -128;
    if (difference < p.entries && exponent < 32) { /* beyond, every output rounds to zero */
      value += eonc_rounding_shift_right(eonc_multiply_high(p.exponentials[difference], scale), exponent);
    }
    output[i] = eonc_clamp_s8(value, -128, 127);
  }
}

/** SOFTMAX on int8 over the last dimension. */
static inline void eonc_softmax_s8(const eonc_softmax_s8_params &p, const int8_t *input, int8_t *output) {
  for (int32_t row = 0; row < p.rows; ++row, input += p.depth, output += p.depth) {
    eonc_softmax_s8_row(p, input, output);
  }
}
