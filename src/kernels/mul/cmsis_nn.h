#pragma once
#include "../common/cmsis_nn.h"

/** Parameters of MUL by CMSIS-NN. */
struct eonc_mul_s8_cmsis_nn_params {
  int32_t elements;
  int32_t multiplier;
  int16_t zero_point_1;
  int16_t zero_point_2;
  int16_t output_zero_point;
  int16_t clamp_min;
  int16_t clamp_max;
  int8_t shift; /* to the left */
};

/** MUL on int8, of tensors of the same shape. Gives whether CMSIS-NN took the call. */
static inline bool eonc_mul_s8_cmsis_nn(const eonc_mul_s8_cmsis_nn_params &p, const int8_t *input_1,
                                        const int8_t *input_2, int8_t *output) {
  return arm_elementwise_mul_s8(input_1, input_2, -p.zero_point_1, -p.zero_point_2, output, p.output_zero_point,
                                p.multiplier, p.shift, p.clamp_min, p.clamp_max, p.elements) == ARM_CMSIS_NN_SUCCESS;
}
