#pragma once
#include "../common/single_window.h"
#include "portable.h"

/** What an accumulator of CONV_2D starts from: the bias, and what taps in the padding contribute. */
static inline uint32_t eonc_conv_2d_s8_start(const eonc_conv_2d_s8_params &p, int32_t channel) {
  const eonc_window &w = p.window;
  const int32_t depth = w.input_channels;
  const int32_t taps = w.filter_height * w.filter_width;
  uint32_t sum = static_cast<uint32_t>(p.bias[channel]);
  eonc_rom<int8_t> weights = p.weights + channel * taps * depth;
  for (int32_t tap = 0; tap < taps; ++tap, weights += depth) {
    sum = eonc_is_padding(w, tap) ? eonc_dot_padding_s8(sum, p.padding_value, weights, depth) : sum;
  }
  return sum;
}

/**
 * CONV_2D on int8 with one output position, whose input comes piece by piece: takes `count` elements, whole pixels,
 * from
 * element `from` on. The last ones give the output. One accumulator an output channel.
 */
static inline void eonc_conv_2d_s8_accumulate(const eonc_conv_2d_s8_params &p, int32_t *accumulators,
                                              const int8_t *input, int32_t from, int32_t count, int8_t *output) {
  const eonc_window &w = p.window;
  const int32_t depth = w.input_channels;
  const int32_t filter = w.filter_height * w.filter_width * depth;
  for (int32_t channel = 0; channel < w.output_channels; ++channel) {
    uint32_t sum = from == 0 ? eonc_conv_2d_s8_start(p, channel) : static_cast<uint32_t>(accumulators[channel]);
    for (int32_t i = 0; i < count; i += depth) {
      const int32_t tap = eonc_tap_on_pixel(w, eonc_quotient(from + i, depth));
      sum = tap < 0 ? sum : eonc_dot_s8(sum, input + i, p.weights + channel * filter + tap * depth, depth);
    }
    accumulators[channel] = static_cast<int32_t>(sum);
  }
  if (from + count == eonc_image_elements(w)) {
    for (int32_t channel = 0; channel < w.output_channels; ++channel) {
      const int32_t scale = channel * p.channel_step;
      const int32_t scaled = eonc_requantize(accumulators[channel], p.multiplier[scale], p.shift[scale]);
      output[channel] = eonc_clamp_s8(eonc_wrapping_add(scaled, p.output_zero_point), p.clamp_min, p.clamp_max);
    }
  }
}
