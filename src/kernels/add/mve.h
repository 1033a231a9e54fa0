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
  const eonc_broadcast &b = p.broadcast;
  eonc_broadcast_position at = {};
  for (int32_t row = 0; row < b.rows; ++row, output += b.row) {
    eonc_operand_mve first;
    eonc_operand_mve second;
    eonc_operand_of_mve(first, input_1 + at.input_1, b.step_1);
    eonc_operand_of_mve(second, input_2 + at.input_2, b.step_2);
    EONC_SYMBOL(mve_add)(first.elements, second.elements, output, b.row, &p.sum, first.step, second.step);
    eonc_broadcast_next(b, at);
  }
}
