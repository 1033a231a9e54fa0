#pragma once
#include "../common/integer.h"
#include "../common/rom.h"
#include "../common/window.h"

/** Parameters of DEPTHWISE_CONV_2D on int8; all arrays are in ROM. */
struct eonc_depthwise_conv_2d_s8_params {
  eonc_rom<int8_t> weights;     /* [filter_height][filter_width][output_channels] */
  eonc_rom<int32_t> bias;       /* [output_channels], with -input zero point * sum of weights added */
  eonc_rom<int32_t> multiplier; /* one, or [output_channels] */
  eonc_rom<int8_t> shift;       /* as many as multipliers */
  eonc_window window;
  int16_t padding_value; /* what padded taps read: the input zero point */
  int16_t output_zero_point;
  int16_t clamp_min;
  int16_t clamp_max;
  int16_t channel_step; /* 1 when multiplier and shift are per channel, else 0 */
  int16_t depth_multiplier;
};

/** What `count` taps in the padding contribute to one output channel, added to `accumulator`. */
static inline uint32_t eonc_depthwise_padding_s8(uint32_t accumulator, int32_t value, eonc_rom<int8_t> weights,
                                                 int32_t channels, int32_t count) {
  for (; count > 0; --count, weights += channels) {
    accumulator = eonc_multiply_add(accumulator, value, *weights);
  }
  return accumulator;
}

/** The products of `count` taps of a row that are `step` apart, added to `accumulator`. */
template <bool torn>
static inline uint32_t eonc_depthwise_taps_s8(uint32_t accumulator, const eonc_rows<int8_t> &rows, const int8_t *tap,
                                              int32_t step, int32_t count, eonc_rom<int8_t> weight, int32_t channels) {
  if (torn && rows.end - tap <= (count - 1) * step) {
    for (; tap < rows.end; tap += step, weight += channels, --count) {
      accumulator = eonc_multiply_add(accumulator, *tap, *weight);
    }
    tap -= rows.ring;
  }
  for (; count > 0; tap += step, weight += channels, --count) {
    accumulator = eonc_multiply_add(accumulator, *tap, *weight);
  }
  return accumulator;
}

/** The products of one output channel at one position, added to `accumulator`. `input` is the first tap inside. */
template <bool torn>
static inline uint32_t eonc_depthwise_conv_2d_s8_window(const eonc_depthwise_conv_2d_s8_params &p,
                                                        const eonc_rows<int8_t> &rows, eonc_taps columns,
                                                        const int8_t *input, eonc_rom<int8_t> weights,
                                                        uint32_t accumulator) {
  const eonc_window &w = p.window;
  const int32_t channels = w.output_channels;
  const int32_t step = w.dilation_width * w.input_channels;
  for (int32_t ky = 0; ky < w.filter_height; ++ky, weights += w.filter_width * channels) {
    if (ky < rows.taps.from || ky >= rows.taps.to) {
      accumulator = eonc_depthwise_padding_s8(accumulator, p.padding_value, weights, channels, w.filter_width);
      continue;
    }
    accumulator = eonc_depthwise_padding_s8(accumulator, p.padding_value, weights, channels, columns.from);
    eonc_rom<int8_t> weight = weights + columns.from * channels;
    accumulator =
        eonc_depthwise_taps_s8<torn>(accumulator, rows, input, step, columns.to - columns.from, weight, channels);
    accumulator = eonc_depthwise_padding_s8(accumulator, p.padding_value, weights + columns.to * channels, channels,
                                            w.filter_width - columns.to);
    input = eonc_next_row(rows, input);
  }
  return accumulator;
}

/** One output pixel of DEPTHWISE_CONV_2D: writes output_channels elements. `input` is the first tap inside. */
template <bool torn>
static inline void eonc_depthwise_conv_2d_s8_at(const eonc_depthwise_conv_2d_s8_params &p,
                                                const eonc_rows<int8_t> &rows, eonc_taps columns, const int8_t *input,
                                                int8_t *output) {
  const eonc_window &w = p.window;
  int32_t repeat = 0;
  for (int32_t channel = 0; channel < w.output_channels; ++channel) {
    const uint32_t accumulator = eonc_depthwise_conv_2d_s8_window<torn>(p, rows, columns, input, p.weights + channel,
                                                                        static_cast<uint32_t>(p.bias[channel]));
    const int32_t scale = channel * p.channel_step;
    const int32_t scaled = eonc_requantize(static_cast<int32_t>(accumulator), p.multiplier[scale], p.shift[scale]);
    *output++ = eonc_clamp_s8(eonc_wrapping_add(scaled, p.output_zero_point), p.clamp_min, p.clamp_max);
    if (++repeat == p.depth_multiplier) { /* on to the next input channel */
      repeat = 0;
      ++input;
    }
  }
}

/** One output row of DEPTHWISE_CONV_2D: writes output_width * output_channels elements. */
static inline void eonc_depthwise_conv_2d_s8_row(const eonc_depthwise_conv_2d_s8_params &p,
                                                 const eonc_rows<int8_t> &rows, int8_t *output) {
  const eonc_window &w = p.window;
  int32_t first = -w.padding_left;
  for (int32_t x = 0; x < w.output_width; ++x, first += w.stride_width, output += w.output_channels) {
    const eonc_taps columns = eonc_valid_taps(first, w.dilation_width, w.filter_width, w.input_width);
    const int8_t *input = rows.data + eonc_first_position(first, w.dilation_width, columns) * w.input_channels;
    eonc_depthwise_conv_2d_s8_at<false>(p, rows, columns, input, output);
  }
}

/** One output pixel of DEPTHWISE_CONV_2D, in a cascade: writes output_channels elements. */
static inline void eonc_depthwise_conv_2d_s8_pixel(const eonc_depthwise_conv_2d_s8_params &p,
                                                   const eonc_pixel<int8_t> &pixel, int8_t *output) {
  if (eonc_is_torn(p.window, pixel)) {
    eonc_depthwise_conv_2d_s8_at<true>(p, pixel.rows, pixel.columns, pixel.rows.data, output);
  } else {
    eonc_depthwise_conv_2d_s8_at<false>(p, pixel.rows, pixel.columns, pixel.rows.data, output);
  }
}

/** DEPTHWISE_CONV_2D on int8, NHWC: all output rows, one after the other. */
static inline void eonc_depthwise_conv_2d_s8(const eonc_depthwise_conv_2d_s8_params &p, const int8_t *input,
                                             int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_depthwise_conv_2d_s8_row(p, eonc_window_rows(w, input, 0, y), output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
