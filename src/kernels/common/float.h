#pragma once
/* float32 arithmetic that several kernels share. */
#include <stdint.h>

#include "rom.h"

/** Limits a value to [low, high]; NaN stays NaN. */
static inline float eonc_clamp_f32(float value, float low, float high) {
  const float limited = value < low ? low : value;
  return limited > high ? high : limited;
}

/**
 * Sum of `count` products, added to `accumulator` one after the other. Four in a turn of the loop, which costs as much
 * as a product; not inlined, as it needs all registers.
 */
__attribute__((noinline, unused)) static float eonc_dot_f32(float accumulator, const float *a, eonc_rom<float> b,
                                                            int32_t count) {
  for (; count >= 4; count -= 4) {
    accumulator += *a++ * *b++;
    accumulator += *a++ * *b++;
    accumulator += *a++ * *b++;
    accumulator += *a++ * *b++;
  }
  for (; count > 0; --count) {
    accumulator += *a++ * *b++;
  }
  return accumulator;
}
