#pragma once
#include "armv6m.h"

/** FULLY_CONNECTED on int8 of one vector that comes piece by piece: see eonc_fully_connected_armv6m_accumulate. */
static inline void eonc_fully_connected_s8_armv6m_accumulate(const eonc_fully_connected_s8_armv6m_params &p,
                                                             int32_t *accumulators, const int8_t *input, int32_t from,
                                                             int32_t count, int8_t *output) {
  eonc_fully_connected_armv6m_accumulate<false>(p.layer, accumulators, input, from, count, output);
}
