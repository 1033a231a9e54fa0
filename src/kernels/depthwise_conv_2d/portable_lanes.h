#pragma once
#include "../common/lanes.h"
#include "portable.h"

/** DEPTHWISE_CONV_2D on int8 of one image, in place: each input channel gives one output channel (see eonc_lanes). */
static inline void eonc_depthwise_conv_2d_s8_lanes(const eonc_depthwise_conv_2d_s8_params &p, int8_t *tensor,
                                                   int8_t *queue, int32_t delay) {
  eonc_lanes(p.window, tensor, queue, delay,
             [&p](const eonc_rows<int8_t> &rows, eonc_taps columns, const int8_t *input, int32_t channel) {
               const uint32_t accumulator = eonc_depthwise_conv_2d_s8_window<false>(
                   p, rows, columns, input, p.weights + channel, static_cast<uint32_t>(p.bias[channel]));
               const int32_t scale = channel * p.channel_step;
               const int32_t scaled =
                   eonc_requantize(static_cast<int32_t>(accumulator), p.multiplier[scale], p.shift[scale]);
               return eonc_clamp_s8(eonc_wrapping_add(scaled, p.output_zero_point), p.clamp_min, p.clamp_max);
             });
}
