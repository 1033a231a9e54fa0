#pragma once
#include "../common/integer.h"

/** Parameters of a function of one int8 value that only limits it. */
struct eonc_clamp_s8_params {
  int32_t count; /* elements */
  int16_t clamp_min;
  int16_t clamp_max;
};

/** Limits each element to [clamp_min, clamp_max]; input and output may be the same memory. */
static inline void eonc_clamp_s8(const eonc_clamp_s8_params &p, const int8_t *input, int8_t *output) {
  for (int32_t i = 0; i < p.count; ++i) {
    output[i] = eonc_clamp_s8(input[i], p.clamp_min, p.clamp_max);
  }
}
