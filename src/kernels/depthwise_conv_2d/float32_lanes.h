#pragma once
#include "../common/lanes.h"
#include "float32.h"

/**
 * DEPTHWISE_CONV_2D on float32 of one image, in place: each input channel gives one output channel (see eonc_lanes).
 */
static inline void eonc_depthwise_conv_2d_f32_lanes(const eonc_depthwise_conv_2d_f32_params &p, float *tensor,
                                                    float *queue, int32_t delay) {
  eonc_lanes(p.window, tensor, queue, delay,
             [&p](const eonc_rows<float> &rows, eonc_taps columns, const float *input, int32_t channel) {
               const float sum = eonc_depthwise_conv_2d_f32_window<false>(p, rows, columns, input, p.weights + channel);
               return eonc_clamp_f32(sum + p.bias[channel], p.clamp_min, p.clamp_max);
             });
}
