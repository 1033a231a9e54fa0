#pragma once
#include "../common/single_window.h"
#include "float32.h"

/**
 * DEPTHWISE_CONV_2D on float32 with one output position, whose input comes piece by piece: takes `count` elements,
 * whole
 * pixels, from element `from` on. The last ones give the output. One accumulator an output channel.
 */
static inline void eonc_depthwise_conv_2d_f32_accumulate(const eonc_depthwise_conv_2d_f32_params &p,
                                                         float *accumulators, const float *input, int32_t from,
                                                         int32_t count, float *output) {
  const eonc_window &w = p.window;
  for (int32_t channel = 0; from == 0 && channel < w.output_channels; ++channel) {
    accumulators[channel] = 0.0F;
  }
  for (int32_t i = 0; i < count; i += w.input_channels) {
    const int32_t tap = eonc_tap_on_pixel(w, (from + i) / w.input_channels);
    for (int32_t channel = 0; tap >= 0 && channel < w.output_channels; ++channel) {
      accumulators[channel] += input[i + channel / p.depth_multiplier] * p.weights[tap * w.output_channels + channel];
    }
  }
  if (from + count == eonc_image_elements(w)) {
    for (int32_t channel = 0; channel < w.output_channels; ++channel) {
      output[channel] = eonc_clamp_f32(accumulators[channel] + p.bias[channel], p.clamp_min, p.clamp_max);
    }
  }
}
