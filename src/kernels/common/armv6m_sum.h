#pragma once
/* Sums and differences of two int8 operands on one scale, for the kernel set `armv6m`: no product exceeds 32 bits. */
#include "armv6m.h"
#include "broadcast.h"

/** Scales of a sum: each value is multiplied, rounded with a constant, and shifted to the right. See README.md. */
struct eonc_sum_armv6m {
  int32_t high_1; /* multiplier without its lowest 11 bits */
  int32_t high_2;
  int32_t constant_1;
  int32_t constant_2;
  int32_t output_constant; /* holds the output zero point */
  int16_t low_1;           /* the lowest 11 bits */
  int16_t low_2;
  uint16_t output_high; /* multiplier without its lowest 16 bits */
  uint16_t output_low;
  int16_t zero_point_1;
  int16_t zero_point_2;
  int16_t clamp_min;
  int16_t clamp_max;
  int8_t shift_1;
  int8_t shift_2;
  int8_t output_shift;
};

/** An operand on the common scale; `value` is already less its zero point, and 20 bits further to the right. */
static inline int32_t eonc_sum_operand_armv6m(int32_t value, int32_t high, int32_t low, int32_t constant,
                                              int32_t shift) {
  const int32_t product = value * high + ((value * low + 1024) >> 11);
  return (product + constant + (product >> 31)) >> shift;
}

/** round(value * multiplier / 2^31), half towards plus infinity, of |value| < 2^29 and the halves of the multiplier. */
static inline int32_t eonc_multiply_high_armv6m(int32_t value, int32_t high, int32_t low) {
  const int32_t upper = value >> 15;
  const int32_t lower = value & 0x7fff;
  const int32_t carried = static_cast<int32_t>(static_cast<uint32_t>(lower) * static_cast<uint32_t>(low) >> 15);
  const int32_t middle = (upper * low + carried + 0x8000) >> 1;
  return upper * high + ((middle + lower * high) >> 15);
}

/** One row of input_1 + sign * input_2. */
static inline void eonc_sum_row_armv6m(const eonc_broadcast &broadcast, const eonc_sum_armv6m &s, int32_t sign,
                                       const int8_t *input_1, const int8_t *input_2, int8_t *output) {
  for (int32_t i = 0; i < broadcast.row; ++i) {
    const int32_t a = eonc_sum_operand_armv6m(*input_1 - s.zero_point_1, s.high_1, s.low_1, s.constant_1, s.shift_1);
    const int32_t b = eonc_sum_operand_armv6m(*input_2 - s.zero_point_2, s.high_2, s.low_2, s.constant_2, s.shift_2);
    const int32_t scaled = eonc_multiply_high_armv6m(a + sign * b, s.output_high, s.output_low);
    const int32_t value = (scaled + s.output_constant + (scaled >> 31)) >> s.output_shift;
    output[i] = eonc_clamp_s8(value, s.clamp_min, s.clamp_max);
    input_1 += broadcast.step_1;
    input_2 += broadcast.step_2;
  }
}

/** All rows, one after the other. */
static inline void eonc_sum_armv6m_rows(const eonc_broadcast &broadcast, const eonc_sum_armv6m &s, int32_t sign,
                                        const int8_t *input_1, const int8_t *input_2, int8_t *output) {
  eonc_broadcast_position at = {};
  for (int32_t row = 0; row < broadcast.rows; ++row) {
    eonc_sum_row_armv6m(broadcast, s, sign, input_1 + at.input_1, input_2 + at.input_2, output);
    output += broadcast.row;
    eonc_broadcast_next(broadcast, at);
  }
}
