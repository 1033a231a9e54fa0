#pragma once
#include "integer.h"
#include "rom.h"

/**
 * Sum of `count` products, added to `accumulator`. Four at a time, as a turn of the loop costs as much as a product;
 * not inlined, as it needs all registers.
 */
__attribute__((noinline, unused)) static uint32_t eonc_dot_s8(uint32_t accumulator, const int8_t *a, eonc_rom<int8_t> b,
                                                              int32_t count) {
  for (; count >= 4; count -= 4) {
    accumulator = eonc_multiply_add(accumulator, *a++, *b++);
    accumulator = eonc_multiply_add(accumulator, *a++, *b++);
    accumulator = eonc_multiply_add(accumulator, *a++, *b++);
    accumulator = eonc_multiply_add(accumulator, *a++, *b++);
  }
  for (; count > 0; --count) {
    accumulator = eonc_multiply_add(accumulator, *a++, *b++);
  }
  return accumulator;
}

/** What `count` weights in the padding contribute, added to `accumulator`. */
static inline uint32_t eonc_dot_padding_s8(uint32_t accumulator, int32_t value, eonc_rom<int8_t> weights,
                                           int32_t count) {
  for (int32_t i = 0; i < count; ++i) {
    accumulator = eonc_multiply_add(accumulator, value, weights[i]);
  }
  return accumulator;
}
