#pragma once
/* What kernels of the set `armv6m` share: Cortex-M0, M0+, M23. The cores are in the .S files. */
#include <stdint.h>
#include <string.h>

#include "integer.h"
#include "window.h"

/** Scales an accumulator to an output byte, by the two words at `scale`. See README.md. */
typedef int32_t eonc_scale_armv6m(int32_t accumulator, const int32_t *scale);

extern "C" {
eonc_scale_armv6m EONC_SYMBOL(armv6m_scale_3_linear);
eonc_scale_armv6m EONC_SYMBOL(armv6m_scale_3_relu);
eonc_scale_armv6m EONC_SYMBOL(armv6m_scale_4_linear);
eonc_scale_armv6m EONC_SYMBOL(armv6m_scale_4_relu);
}

/** Scales by any multiplier and, in the lower half of the second word, any shift; the zero point is the upper half. */
static inline int32_t EONC_SYMBOL(armv6m_scale_any)(int32_t accumulator, const int32_t *scale) {
  const int32_t scaled = eonc_requantize(accumulator, scale[0], static_cast<int16_t>(scale[1]));
  return eonc_clamp_s8(eonc_wrapping_add(scaled, scale[1] >> 16), -128, 127);
}

/** Limits outputs to a range narrower than int8. */
static inline void eonc_limit_armv6m(int8_t *output, int32_t count, int32_t low, int32_t high) {
  if (low > -128 || high < 127) {
    for (int32_t i = 0; i < count; ++i) {
      output[i] = eonc_clamp_s8(output[i], low, high);
    }
  }
}
