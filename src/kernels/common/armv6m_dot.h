#pragma once
/* Sums of products for the kernel set `armv6m`, of inputs in words of two. See README.md. */
#include "armv6m.h"

extern "C" {
void EONC_SYMBOL(armv6m_outputs)(const uint32_t *words, const uint32_t *end, const int32_t *stream, int32_t channels,
                                 int8_t *output, eonc_scale_armv6m *scale);
void EONC_SYMBOL(armv6m_outputs_wide)(const uint32_t *words, const uint32_t *end, const int32_t *stream,
                                      int32_t channels, int8_t *output, eonc_scale_armv6m *scale);
void EONC_SYMBOL(armv6m_sums)(const uint32_t *words, const uint32_t *end, const int32_t *weights, int32_t *sums,
                              int32_t pairs, int32_t distance);
void EONC_SYMBOL(armv6m_sums_wide)(const uint32_t *words, const uint32_t *end, const int32_t *weights, int32_t *sums,
                                   int32_t pairs, int32_t distance);
void EONC_SYMBOL(armv6m_scales)(const int32_t *sums, const int32_t *end, const int32_t *scales, int32_t distance,
                                int8_t *output, eonc_scale_armv6m *scale);
uint32_t *EONC_SYMBOL(armv6m_widen)(uint32_t *words, const int8_t *inputs, int32_t groups, int32_t step, int32_t rows,
                                    int32_t distance, const int8_t *end, int32_t ring);
}

/** Where the words of a window go, `step` words from one to the next. */
struct eonc_gather_armv6m {
  uint32_t *groups; /* the next group of 4 inputs, in two words */
  uint32_t *rest;   /* the next word of inputs that are left over */
  int32_t step;
  bool half; /* the lower half of that word is there */
};

/** Puts an input that is left over into the next half of a word. */
static inline void eonc_gather_one(eonc_gather_armv6m &gather, int32_t input) {
  if (gather.half) {
    *gather.rest += static_cast<uint32_t>(input) << 16;
    gather.rest += gather.step;
  } else {
    *gather.rest = static_cast<uint32_t>(input);
  }
  gather.half = !gather.half;
}

/** Gathers inputs that lie side by side. */
__attribute__((noinline, unused)) static void eonc_gather_run(eonc_gather_armv6m &gather, const int8_t *input,
                                                              int32_t count) {
  const int32_t groups = count >> 2;
  if (groups > 0) {
    gather.groups = EONC_SYMBOL(armv6m_widen)(gather.groups, input, groups, 4 * gather.step, 1, 0, input, 0);
  }
  for (int32_t at = 4 * groups; at < count; ++at) {
    eonc_gather_one(gather, input[at]);
  }
}

/** Gathers a vector; `words` has room for a multiple of 8 inputs. */
static inline void eonc_gather_vector(uint32_t *words, const int8_t *input, int32_t count) {
  eonc_gather_armv6m gather = {words, words + (count >> 2) * 2, 1, false};
  eonc_gather_run(gather, input, count);
}
