#pragma once
#include "../common/mve_sum.h"

/** Parameters of ADD on int8 for the kernel set `mve`. */
struct eonc_add_s8_mve_params {
  eonc_broadcast broadcast;
  eonc_sum_mve sum;
};

/** ADD on int8: all rows, one after the other; the output may be the memory of an input that it does not stretch. */
static inline void eonc_add_s8_mve(const eonc_add_s8_mve_params &p, const int8_t *input_1, const int8_t *input_2,
                                   int8_t *output) {
  eonc_elementwise_mve<eonc_sum_mve, EONC_SYMBOL(mve_add)>(p.broadcast, p.sum, input_1, input_2, output);
}
