#pragma once
#include "../common/cmsis_nn.h"

/** Parameters of FULLY_CONNECTED by CMSIS-NN; all arrays are in ROM. */
struct eonc_fully_connected_s8_cmsis_nn_params {
  eonc_rom<int8_t> weights; /* [outputs][inputs] */
  eonc_rom<int32_t> bias;   /* [outputs], with -input zero point * sum of weights added */
  int32_t rows;             /* input vectors */
  int32_t inputs;           /* elements of an input vector */
  int32_t outputs;          /* elements of an output vector */
  int32_t multiplier;
  int32_t shift; /* to the left */
  int16_t output_zero_point;
  int16_t clamp_min;
  int16_t clamp_max;
};

#ifdef ARM_MATH_MVEI
/** The function that gives what Helium's code starts its sums from: with the bias, or else it is another version. */
typedef arm_cmsis_nn_status (*eonc_cmsis_nn_vector_sum)(int32_t *, int32_t, int32_t, const int8_t *, int32_t, int32_t,
                                                        const int32_t *);
static const eonc_cmsis_nn_vector_sum eonc_cmsis_nn_has_vector_sum __attribute__((unused)) = arm_vector_sum_s8;
#endif

/**
 * FULLY_CONNECTED on int8. Gives whether CMSIS-NN took the call. Helium's code starts from sums of weights times the
 * input offset, plus bias, which `arm_vector_sum_s8` would write to scratch: that is the bias as it is here, with no
 * offset left.
 */
static inline bool eonc_fully_connected_s8_cmsis_nn(const eonc_fully_connected_s8_cmsis_nn_params &p,
                                                    const int8_t *input, int8_t *output) {
  const int32_t bytes = p.outputs * static_cast<int32_t>(sizeof(int32_t));
  const cmsis_nn_context context = eonc_cmsis_nn_context(const_cast<int32_t *>(p.bias), bytes);
  cmsis_nn_fc_params params;
  params.input_offset = 0;
  params.filter_offset = 0;
  params.output_offset = p.output_zero_point;
  params.activation = eonc_cmsis_nn_activation(p.clamp_min, p.clamp_max);
  cmsis_nn_per_tensor_quant_params scale;
  scale.multiplier = p.multiplier;
  scale.shift = p.shift;
  const cmsis_nn_dims input_dims = eonc_cmsis_nn_dims(p.rows, 1, 1, p.inputs);
  const cmsis_nn_dims filter_dims = eonc_cmsis_nn_dims(p.inputs, 1, 1, p.outputs);
  const cmsis_nn_dims bias_dims = eonc_cmsis_nn_dims(1, 1, 1, p.outputs);
  const cmsis_nn_dims output_dims = eonc_cmsis_nn_dims(p.rows, 1, 1, p.outputs);
  return arm_fully_connected_s8(&context, &params, &scale, &input_dims, input, &filter_dims, p.weights, &bias_dims,
                                p.bias, &output_dims, output) == ARM_CMSIS_NN_SUCCESS;
}
