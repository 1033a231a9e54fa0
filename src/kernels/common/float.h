#pragma once
/* float32 arithmetic that several kernels share. */
#include <stdint.h>

/** Limits a value to [low, high]; NaN stays NaN. */
static inline float eonc_clamp_f32(float value, float low, float high) {
  const float limited = value < low ? low : value;
  return limited > high ? high : limited;
}

/** Sum of `count` products, added to `accumulator` one after the other. */
static inline float eonc_dot_f32(float accumulator, const float *a, const float *b, int32_t count) {
  for (int32_t i = 0; i < count; ++i) {
    accumulator += a[i] * b[i];
  }
  return accumulator;
}
