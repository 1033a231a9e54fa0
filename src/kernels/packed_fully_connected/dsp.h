#pragma once
#include "../common/dsp.h"
#include "portable.h"

extern "C" uint32_t EONC_SYMBOL(packed_fully_connected_s8_dsp_dot)(eonc_packed_weights *weights, const int8_t *input,
                                                                   int32_t count, int32_t total);

/** Parameters of FULLY_CONNECTED on int8 with packed weights for the kernel set `dsp`: those of the portable one. */
struct eonc_packed_fully_connected_s8_dsp_params {
  eonc_packed_fully_connected_s8_params layer;
};

/** How this set multiplies a vector with the weights of an output. */
struct eonc_packed_dot_dsp {
  static inline uint32_t of(eonc_packed_weights &weights, const int8_t *input, int32_t count, int32_t total) {
    return EONC_SYMBOL(packed_fully_connected_s8_dsp_dot)(&weights, input, count, total);
  }
};

/** FULLY_CONNECTED on int8 with packed weights. */
static inline void eonc_packed_fully_connected_s8_dsp(const eonc_packed_fully_connected_s8_dsp_params &p,
                                                      const int8_t *input, int8_t *output) {
  eonc_packed_fully_connected_s8_vectors<eonc_packed_dot_dsp>(p.layer, input, output);
}
