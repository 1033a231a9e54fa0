#pragma once
#include "armv6m_vector.h"

/** Parameters of FULLY_CONNECTED on int8 for the kernel set `armv6m`, weights of two bytes. */
struct eonc_fully_connected_s8_armv6m_wide_params {
  eonc_fully_connected_armv6m layer;
};

/** FULLY_CONNECTED on int8: all vectors, one after the other. */
static inline void eonc_fully_connected_s8_armv6m_wide(const eonc_fully_connected_s8_armv6m_wide_params &p,
                                                       const int8_t *input, int8_t *output) {
  eonc_fully_connected_armv6m_rows<true>(p.layer, input, output);
}
