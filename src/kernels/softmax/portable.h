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
  const int32_t denominator = (x >> 1) + (INT32_C(1) << 30);
  int32_t reciprocal = 1515870810 + eonc_multiply_high(denominator, -1010580540);
  for (int i = 0; i < 3; ++i) {
    const int32_t error = (INT32_C(1) << 29) - eonc_multiply_high(reciprocal, denominator);
    reciprocal += eonc_multiply_high(error, reciprocal) * 4;
  }
  return reciprocal > INT32_MAX / 2 ? INT32_MAX : reciprocal * 2;
}

/** Zero bits above the highest one; `value` is not 0. */
static inline int eonc_leading_zeros(uint32_t value) {
#ifdef __ARM_FEATURE_CLZ
  return __builtin_clz(value);
#else
  int zeros = 0;
  for (; (value & UINT32_C(1) << 31) == 0u; value <<= 1) {
    ++zeros;
  }
  return zeros;
#endif
}

/** SOFTMAX of one vector; input and output may be the same memory. */
static inline void eonc_softmax_s8_row(const eonc_softmax_s8_params &p, const int8_t *input, int8_t *output) {
  const int8_t *const end = input + p.depth;
  const int8_t *from = input;
  int32_t max = *from;
  do {
    max = *from > max ? *from : max;
  } while (++from != end);
  uint32_t sum = 0; /* with 12 integer bits */
  from = input;
  do {
    const int32_t difference = max - *from;
    if (difference < p.entries) {
      sum += (static_cast<uint32_t>(p.exponentials[difference]) + (1u << 11)) >> 12;
    }
  } while (++from != end);
  const int headroom = eonc_leading_zeros(sum);
  const int32_t scale = eonc_one_over_one_plus(static_cast<int32_t>((sum << headroom) - (UINT32_C(1) << 31)));
  /* Two shifts to the right that round, by 31 and by 12 - headroom + 23, are one: nothing here is negative. */
  const int shift = 12 - headroom + 22; /* of the upper half of the product */
  const int64_t rounding = (INT64_C(1) << 30) + (static_cast<int64_t>(UINT32_C(1) << ((shift - 1) & 31)) << 32);
  const int32_t entries = shift < 31 ? p.entries : 0; /* beyond, every output rounds to zero */
  do {
    const int32_t difference = max - *input;
    int32_t value = 0;
    if (difference < entries) {
      const int64_t product = static_cast<int64_t>(p.exponentials[difference]) * scale + rounding;
      value = static_cast<int32_t>(product >> 32) >> shift;
    }
    *output++ = static_cast<int8_t>(value - (value >> 8) - 128); /* 255 at most */
  } while (++input != end);
}

/** SOFTMAX on int8 over the last dimension. */
static inline void eonc_softmax_s8(const eonc_softmax_s8_params &p, const int8_t *input, int8_t *output) {
  for (int32_t row = 0; row < p.rows; ++row, input += p.depth, output += p.depth) {
    eonc_softmax_s8_row(p, input, output);
  }
}
