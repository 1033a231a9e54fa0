#pragma once
#include "../common/armv6m_sum.h"

/** Parameters of ADD on int8 for the kernel set `armv6m`. */
struct eonc_add_s8_armv6m_params {
  eonc_broadcast broadcast;
  eonc_sum_armv6m scaling;
};

/** ADD on int8: all rows, one after the other. The output may be the memory of an input that it does not stretch. */
static inline void eonc_add_s8_armv6m(const eonc_add_s8_armv6m_params &p, const int8_t *input_1, const int8_t *input_2,
                                      int8_t *output) {
  eonc_sum_armv6m_rows(p.broadcast, p.scaling, 1, input_1, input_2, output);
}
