#pragma once
#include "../common/mve_sum.h"

/** Scales of a product. The core reads it: the order counts. */
struct eonc_product_mve {
  int32_t zero_point_1;
  int32_t zero_point_2;
  int32_t multiplier;
  int32_t shift; /* below 0: to the right */
  int32_t output_zero_point;
  int32_t clamp_min;
  int32_t clamp_max;
};

extern "C" {
void EONC_SYMBOL(mul_s8_mve)(const int8_t *input_1, const int8_t *input_2, int8_t *output, int32_t count,
                             const eonc_product_mve *product, int32_t step_1, int32_t step_2);
}

/** Parameters of MUL on int8 for the kernel set `mve`. */
struct eonc_mul_s8_mve_params {
  eonc_broadcast broadcast;
  eonc_product_mve product;
};

/** MUL on int8: all rows, one after the other; the output may be the memory of an input that it does not stretch. */
static inline void eonc_mul_s8_mve(const eonc_mul_s8_mve_params &p, const int8_t *input_1, const int8_t *input_2,
                                   int8_t *output) {
  eonc_elementwise_mve<eonc_product_mve, EONC_SYMBOL(mul_s8_mve)>(p.broadcast, p.product, input_1, input_2, output);
}
