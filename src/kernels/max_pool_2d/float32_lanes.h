#pragma once
#include "../common/lanes.h"
#include "float32.h"

/** MAX_POOL_2D on float32 of one image, in place (see eonc_lanes). */
static inline void eonc_max_pool_2d_f32_lanes(const eonc_max_pool_2d_f32_params &p, float *tensor, float *queue,
                                              int32_t delay) {
  eonc_lanes(p.window, tensor, queue, delay,
             [&p](const eonc_rows<float> &rows, eonc_taps columns, const float *input, int32_t) {
               return eonc_max_pool_2d_f32_window<false>(p, rows, columns, input);
             });
}
