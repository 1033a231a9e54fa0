#pragma once
#include "../common/single_window.h"
#include "portable.h"

/** What an accumulator of DEPTHWISE_CONV_2D starts from: the bias, and what taps in the padding contribute. */
static inline uint32_t eonc_depthwise_conv_2d_s8_start(const eonc_depthwise_conv_2d_s8_params &p, int32_t channel) {
  const eonc_window &w = p.window;
  const int32_t taps = w.filter_height * w.filter_width;
  uint32_t sum = static_cast<uint32_t>(p.bias[channel]);
  eonc_rom<int8_t> weight = p.weights + channel;
  for (int32_t tap = 0; tap < taps; ++tap, weight += w.output_channels) {
    sum = eonc_is_padding(w, tap) ? eonc_multiply_add(sum, p.padding_value, *weight) : sum;
  }
  return sum;
}

/**
 * DEPTHWISE_CONV_2D on int8 with one output position, whose input comes piece by piece: takes `count` elements, whole
 * pixels, from element `from` on. The last ones give the output. One accumulator an output channel.
 */
static inline void eonc_depthwise_conv_2d_s8_accumulate(const eonc_depthwise_conv_2d_s8_params &p,
                                                        int32_t *accumulators, const int8_t *input, int32_t from,
                                                        int32_t count, int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t channel = 0; from == 0 && channel < w.output_channels; ++channel) {
    accumulators[channel] = static_cast<int32_t>(eonc_depthwise_conv_2d_s8_start(p, channel));
  }
  for (int32_t i = 0; i < count; i += w.input_channels) {
    const int32_t tap = eonc_tap_on_pixel(w, eonc_quotient(from + i, w.input_channels));
    for (int32_t channel = 0; tap >= 0 && channel < w.output_channels; ++channel) {
      const uint32_t sum = static_cast<uint32_t>(accumulators[channel]);
      const int8_t weight = p.weights[tap * w.output_channels + channel];
      accumulators[channel] =
          static_cast<int32_t>(eonc_multiply_add(sum, input[i + eonc_quotient(channel, p.depth_multiplier)], weight));
    }
  }
  if (from + count == eonc_image_elements(w)) {
    for (int32_t channel = 0; channel < w.output_channels; ++channel) {
      const int32_t scale = channel * p.channel_step;
      const int32_t scaled = eonc_requantize(accumulators[channel], p.multiplier[scale], p.shift[scale]);
      output[channel] = eonc_clamp_s8(eonc_wrapping_add(scaled, p.output_zero_point), p.clamp_min, p.clamp_max);
    }
  }
}
