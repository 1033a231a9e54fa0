#pragma once
/* What kernels of the set `mve` share: Cortex-M with the integer vectors of Helium. The cores are in the .S files. */
#include <stdint.h>

#include "integer.h"

extern "C" {
void EONC_SYMBOL(mve_set)(int8_t *output, int32_t count, int32_t value);
void EONC_SYMBOL(mve_limit)(int8_t *output, int32_t count, int32_t low, int32_t high);
}

/** Limits outputs to a range narrower than int8. */
static inline void eonc_limit_mve(int8_t *output, int32_t count, int32_t low, int32_t high) {
  if (low > -128 || high < 127) {
    EONC_SYMBOL(mve_limit)(output, count, low, high);
  }
}
