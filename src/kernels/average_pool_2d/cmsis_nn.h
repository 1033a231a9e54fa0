#pragma once
#include "../common/cmsis_nn_pool.h"

/** Parameters of AVERAGE_POOL_2D by CMSIS-NN. */
struct eonc_average_pool_2d_s8_cmsis_nn_params {
  eonc_window window;
  int32_t scratch_bytes;
  int16_t clamp_min;
  int16_t clamp_max;
};

/** AVERAGE_POOL_2D on int8, NHWC, one image after the other. Gives whether CMSIS-NN took all calls. */
static inline bool eonc_average_pool_2d_s8_cmsis_nn(const eonc_average_pool_2d_s8_cmsis_nn_params &p,
                                                    const int8_t *input, uint32_t *scratch, int8_t *output) {
  return eonc_cmsis_nn_pool(arm_avgpool_s8, p, input, scratch, output);
}

/** The same without scratch. */
static inline bool eonc_average_pool_2d_s8_cmsis_nn(const eonc_average_pool_2d_s8_cmsis_nn_params &p,
                                                    const int8_t *input, int8_t *output) {
  return eonc_average_pool_2d_s8_cmsis_nn(p, input, nullptr, output);
}
