#pragma once
/* Integer arithmetic that all quantized kernels share. */
#include <stdint.h>

/**
 * Adds the product of two values to an accumulator. Accumulators wrap modulo 2^32: they are unsigned, so that a bias
 * that overflows is never undefined behaviour.
 */
static inline uint32_t eonc_multiply_add(uint32_t accumulator, int32_t a, int32_t b) {
  return accumulator + static_cast<uint32_t>(a * b);
}

/** round(a * b / 2^31), half towards plus infinity: gemmlowp's doubling high multiplication. Not both may be -2^31. */
static inline int32_t eonc_multiply_high(int32_t a, int32_t b) {
  const int64_t product = static_cast<int64_t>(a) * b;
  return static_cast<int32_t>((product + (INT64_C(1) << 30)) >> 31);
}

/** value / 2^exponent, rounded half away from zero; 0 <= exponent <= 31. */
static inline int32_t eonc_rounding_shift_right(int32_t value, int exponent) {
  const uint32_t mask = (UINT32_C(1) << exponent) - 1u;
  const uint32_t remainder = static_cast<uint32_t>(value) & mask;
  const uint32_t threshold = (mask >> 1) + (value < 0 ? 1u : 0u);
  return (value >> exponent) + (remainder > threshold ? 1 : 0);
}

/** Scales an accumulator by multiplier / 2^31 * 2^shift with gemmlowp's double rounding; -31 <= shift <= 30. */
static inline int32_t eonc_requantize(int32_t accumulator, int32_t multiplier, int shift) {
  if (shift > 0) {
    return eonc_multiply_high(static_cast<int32_t>(static_cast<uint32_t>(accumulator) << shift), multiplier);
  }
  return eonc_rounding_shift_right(eonc_multiply_high(accumulator, multiplier), -shift);
}

/** a + b modulo 2^32. A scaled value next to the limits of int32 wraps when the zero point is added. */
static inline int32_t eonc_wrapping_add(int32_t a, int32_t b) {
  return static_cast<int32_t>(static_cast<uint32_t>(a) + static_cast<uint32_t>(b));
}

/** Limits a value to [low, high] and narrows it; the limits fit int8. */
static inline int8_t eonc_clamp_s8(int32_t value, int32_t low, int32_t high) {
  const int32_t limited = value < low ? low : value;
  return static_cast<int8_t>(limited > high ? high : limited);
}
