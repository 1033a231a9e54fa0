#pragma once
#include "../common/lanes.h"
#include "portable.h"

/** AVERAGE_POOL_2D on int8 of one image, in place (see eonc_lanes). */
static inline void eonc_average_pool_2d_s8_lanes(const eonc_average_pool_2d_s8_params &p, int8_t *tensor, int8_t *queue,
                                                 int32_t delay) {
  eonc_lanes(p.window, tensor, queue, delay,
             [&p](const eonc_rows<int8_t> &rows, eonc_taps columns, const int8_t *input, int32_t) {
               return eonc_average_pool_2d_s8_window<false>(p, rows, columns, input);
             });
}
