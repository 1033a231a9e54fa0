#pragma once
#include "../common/cmsis_nn.h"
#include "../common/sum.h"

/** Parameters of ADD by CMSIS-NN. */
struct eonc_add_s8_cmsis_nn_params {
  int32_t elements;
  eonc_sum_scaling scaling;
};

/** ADD on int8, of tensors of the same shape. Gives whether CMSIS-NN took the call. */
static inline bool eonc_add_s8_cmsis_nn(const eonc_add_s8_cmsis_nn_params &p, const int8_t *input_1,
                                        const int8_t *input_2, int8_t *output) {
  const eonc_sum_scaling &s = p.scaling;
  return arm_elementwise_add_s8(input_1, input_2, -s.zero_point_1, s.multiplier_1, s.shift_1, -s.zero_point_2,
                                s.multiplier_2, s.shift_2, 20, output, s.output_zero_point, s.output_multiplier,
                                s.output_shift, s.clamp_min, s.clamp_max, p.elements) == ARM_CMSIS_NN_SUCCESS;
}
