#pragma once
#include "../common/single_window.h"
#include "float32.h"

/**
 * CONV_2D on float32 with one output position, whose input comes piece by piece: takes `count` elements, whole pixels,
 * from element `from` on. The last ones give the output. One accumulator an output channel.
 */
static inline void eonc_conv_2d_f32_accumulate(const eonc_conv_2d_f32_params &p, float *accumulators,
                                               const float *input, int32_t from, int32_t count, float *output) {
  const eonc_window &w = p.window;
  const int32_t depth = w.input_channels;
  const int32_t filter = w.filter_height * w.filter_width * depth;
  for (int32_t channel = 0; channel < w.output_channels; ++channel) {
    float sum = from == 0 ? 0.0F : accumulators[channel];
    for (int32_t i = 0; i < count; i += depth) {
      const int32_t tap = eonc_tap_on_pixel(w, (from + i) / depth);
      sum = tap < 0 ? sum : eonc_dot_f32(sum, input + i, p.weights + channel * filter + tap * depth, depth);
    }
    accumulators[channel] = sum;
  }
  if (from + count == eonc_image_elements(w)) {
    for (int32_t channel = 0; channel < w.output_channels; ++channel) {
      output[channel] = eonc_clamp_f32(accumulators[channel] + p.bias[channel], p.clamp_min, p.clamp_max);
    }
  }
}
