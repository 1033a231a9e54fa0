#pragma once
/* Division of what is not negative. */
#include <stdint.h>

#if defined(__ARM_ARCH) && !defined(__ARM_FEATURE_IDIV)

/**
 * n / d, rounded down; 0 <= n, 0 < d. Bit by bit: quotients are short here, and the function that a processor without a
 * division has in its C library takes ten times the code.
 */
__attribute__((noinline, unused)) static int32_t eonc_quotient(int32_t n, int32_t d) {
  uint32_t left = static_cast<uint32_t>(n);
  uint32_t divisor = static_cast<uint32_t>(d);
  uint32_t bit = 1;
  uint32_t quotient = 0;
  for (; divisor <= left >> 1; bit <<= 1) {
    divisor <<= 1;
  }
  for (; bit != 0; bit >>= 1, divisor >>= 1) {
    if (left >= divisor) {
      left -= divisor;
      quotient += bit;
    }
  }
  return static_cast<int32_t>(quotient);
}

#else

/** n / d, rounded down; 0 <= n, 0 < d. */
static inline int32_t eonc_quotient(int32_t n, int32_t d) { return n / d; }

#endif

/** What is left of n when d is taken away as often as it can be; 0 <= n, 0 < d. */
static inline int32_t eonc_remainder(int32_t n, int32_t d) { return n - eonc_quotient(n, d) * d; }

/** n / d, rounded half away from zero; 0 < d. */
static inline int32_t eonc_rounded_quotient(int32_t n, int32_t d) {
  return n < 0 ? -eonc_quotient(d / 2 - n, d) : eonc_quotient(n + d / 2, d);
}
