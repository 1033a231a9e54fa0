#pragma once
#include "cmsis_nn.h"

/** A pooling function of CMSIS-NN: of one image. */
typedef arm_cmsis_nn_status eonc_cmsis_nn_pool_function(const cmsis_nn_context *, const cmsis_nn_pool_params *,
                                                        const cmsis_nn_dims *, const int8_t *, const cmsis_nn_dims *,
                                                        const cmsis_nn_dims *, int8_t *);

/** Pooling on int8, NHWC, one image after the other. Gives whether CMSIS-NN took all calls. */
template <typename Params>
static inline bool eonc_cmsis_nn_pool(eonc_cmsis_nn_pool_function *pool, const Params &p, const int8_t *input,
                                      uint32_t *scratch, int8_t *output) {
  const eonc_window &w = p.window;
  const cmsis_nn_context context = eonc_cmsis_nn_context(scratch, p.scratch_bytes);
  cmsis_nn_pool_params params;
  params.stride = eonc_cmsis_nn_tile(w.stride_width, w.stride_height);
  params.padding = eonc_cmsis_nn_tile(w.padding_left, w.padding_top);
  params.activation = eonc_cmsis_nn_activation(p.clamp_min, p.clamp_max);
  const cmsis_nn_dims input_dims = eonc_cmsis_nn_dims(1, w.input_height, w.input_width, w.input_channels);
  const cmsis_nn_dims filter_dims = eonc_cmsis_nn_dims(1, w.filter_height, w.filter_width, 1);
  const cmsis_nn_dims output_dims = eonc_cmsis_nn_dims(1, w.output_height, w.output_width, w.output_channels);
  bool taken = true;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    taken = pool(&context, &params, &input_dims, input, &filter_dims, &output_dims, output) == ARM_CMSIS_NN_SUCCESS &&
            taken;
    input += w.input_height * w.input_width * w.input_channels;
    output += w.output_height * w.output_width * w.output_channels;
  }
  return taken;
}
