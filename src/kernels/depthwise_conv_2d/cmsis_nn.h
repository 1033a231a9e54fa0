#pragma once
#include "../common/cmsis_nn.h"

/** Parameters of DEPTHWISE_CONV_2D by CMSIS-NN; all arrays are in ROM. */
struct eonc_depthwise_conv_2d_s8_cmsis_nn_params {
  eonc_rom<int8_t> weights;     /* [filter_height][filter_width][output_channels] */
  eonc_rom<int32_t> bias;       /* [output_channels]; without padding, -input zero point * sum of weights is added */
  eonc_rom<int32_t> multiplier; /* [output_channels] */
  eonc_rom<int32_t> shift;      /* [output_channels], to the left */
  eonc_window window;
  int32_t scratch_bytes;
  int16_t depth_multiplier; /* output channels for each input channel */
  int16_t input_offset;     /* -input zero point where there is padding, else 0: the bias has it */
  int16_t output_zero_point;
  int16_t clamp_min;
  int16_t clamp_max;
};

/** DEPTHWISE_CONV_2D on int8, NHWC. Gives whether CMSIS-NN took the call. */
static inline bool eonc_depthwise_conv_2d_s8_cmsis_nn(const eonc_depthwise_conv_2d_s8_cmsis_nn_params &p,
                                                      const int8_t *input, uint32_t *scratch, int8_t *output) {
  const eonc_window &w = p.window;
  const cmsis_nn_context context = eonc_cmsis_nn_context(scratch, p.scratch_bytes);
  cmsis_nn_dw_conv_params params;
  params.input_offset = p.input_offset;
  params.output_offset = p.output_zero_point;
  params.ch_mult = p.depth_multiplier;
  params.stride = eonc_cmsis_nn_tile(w.stride_width, w.stride_height);
  params.padding = eonc_cmsis_nn_tile(w.padding_left, w.padding_top);
  params.dilation = eonc_cmsis_nn_tile(w.dilation_width, w.dilation_height);
  params.activation = eonc_cmsis_nn_activation(p.clamp_min, p.clamp_max);
  const cmsis_nn_per_channel_quant_params scales = eonc_cmsis_nn_scales(p.multiplier, p.shift);
  const cmsis_nn_dims input_dims = eonc_cmsis_nn_dims(w.batches, w.input_height, w.input_width, w.input_channels);
  const cmsis_nn_dims filter_dims = eonc_cmsis_nn_dims(1, w.filter_height, w.filter_width, w.output_channels);
  const cmsis_nn_dims bias_dims = eonc_cmsis_nn_dims(1, 1, 1, w.output_channels);
  const cmsis_nn_dims output_dims = eonc_cmsis_nn_dims(w.batches, w.output_height, w.output_width, w.output_channels);
  return arm_depthwise_conv_wrapper_s8(&context, &params, &scales, &input_dims, input, &filter_dims, p.weights,
                                       &bias_dims, p.bias, &output_dims, output) == ARM_CMSIS_NN_SUCCESS;
}

/** The same without scratch. */
static inline bool eonc_depthwise_conv_2d_s8_cmsis_nn(const eonc_depthwise_conv_2d_s8_cmsis_nn_params &p,
                                                      const int8_t *input, int8_t *output) {
  return eonc_depthwise_conv_2d_s8_cmsis_nn(p, input, nullptr, output);
}
