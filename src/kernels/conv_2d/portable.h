#pragma once
#include "../common/dot.h"
#include "../common/window.h"

/** Parameters of CONV_2D on int8; all arrays are in ROM. */
struct eonc_conv_2d_s8_params {
  eonc_rom<int8_t> weights;     /* [output_channels][filter_height][filter_width][input_channels] */
  eonc_rom<int32_t> bias;       /* [output_channels], with -input zero point * sum of weights added */
  eonc_rom<int32_t> multiplier; /* one, or [output_channels] */
  eonc_rom<int8_t> shift;       /* as many as multipliers */
  eonc_window window;
  int16_t padding_value; /* what padded taps read: the input zero point */
  int16_t output_zero_point;
  int16_t clamp_min;
  int16_t clamp_max;
  int16_t channel_step; /* 1 when multiplier and shift are per channel, else 0 */
};

/** Sum of the products of `count` elements of a row of taps, added to `accumulator`. */
template <bool torn>
static inline uint32_t eonc_dot_taps_s8(uint32_t accumulator, const eonc_rows<int8_t> &rows, const int8_t *taps,
                                        eonc_rom<int8_t> weights, int32_t count) {
  const int32_t before = static_cast<int32_t>(rows.end - taps);
  if (torn && before < count) {
    accumulator = eonc_dot_s8(accumulator, taps, weights, before);
    return eonc_dot_s8(accumulator, rows.end - rows.ring, weights + before, count - before);
  }
  return eonc_dot_s8(accumulator, taps, weights, count);
}

/** The products of one output channel at one position, added to `accumulator`. `row` is the first tap inside. */
template <bool torn>
static inline uint32_t eonc_conv_2d_s8_window(const eonc_conv_2d_s8_params &p, const eonc_rows<int8_t> &rows,
                                              eonc_taps columns, const int8_t *row, eonc_rom<int8_t> weights,
                                              uint32_t accumulator) {
  const eonc_window &w = p.window;
  const int32_t depth = w.input_channels;
  for (int32_t ky = 0; ky < w.filter_height; ++ky, weights += w.filter_width * depth) {
    if (ky < rows.taps.from || ky >= rows.taps.to) {
      accumulator = eonc_dot_padding_s8(accumulator, p.padding_value, weights, w.filter_width * depth);
      continue;
    }
    accumulator = eonc_dot_padding_s8(accumulator, p.padding_value, weights, columns.from * depth);
    if (w.dilation_width == 1) { /* taps that follow one another lie side by side */
      accumulator = eonc_dot_taps_s8<torn>(accumulator, rows, row, weights + columns.from * depth,
                                           (columns.to - columns.from) * depth);
    } else {
      const int8_t *tap = row;
      for (int32_t kx = columns.from; kx < columns.to;
           ++kx, tap = eonc_next_tap<torn>(rows, tap, w.dilation_width * depth)) {
        accumulator = eonc_dot_s8(accumulator, tap, weights + kx * depth, depth);
      }
    }
    accumulator = eonc_dot_padding_s8(accumulator, p.padding_value, weights + columns.to * depth,
                                      (w.filter_width - columns.to) * depth);
    row = eonc_next_row(rows, row);
  }
  return accumulator;
}

/** One output pixel of CONV_2D: writes output_channels elements. `input` is the first tap inside. */
template <bool torn>
static inline void eonc_conv_2d_s8_at(const eonc_conv_2d_s8_params &p, const eonc_rows<int8_t> &rows, eonc_taps columns,
                                      const int8_t *input, int8_t *output) {
  const eonc_window &w = p.window;
  const int32_t filter = w.filter_height * w.filter_width * w.input_channels;
  eonc_rom<int8_t> weights = p.weights;
  for (int32_t channel = 0; channel < w.output_channels; ++channel, weights += filter) {
    const uint32_t accumulator =
        eonc_conv_2d_s8_window<torn>(p, rows, columns, input, weights, static_cast<uint32_t>(p.bias[channel]));
    const int32_t scale = channel * p.channel_step;
    const int32_t scaled = eonc_requantize(static_cast<int32_t>(accumulator), p.multiplier[scale], p.shift[scale]);
    *output++ = eonc_clamp_s8(eonc_wrapping_add(scaled, p.output_zero_point), p.clamp_min, p.clamp_max);
  }
}

/** One output row of CONV_2D: writes output_width * output_channels elements. */
static inline void eonc_conv_2d_s8_row(const eonc_conv_2d_s8_params &p, const eonc_rows<int8_t> &rows, int8_t *output) {
  const eonc_window &w = p.window;
  int32_t first = -w.padding_left;
  for (int32_t x = 0; x < w.output_width; ++x, first += w.stride_width, output += w.output_channels) {
    const eonc_taps columns = eonc_valid_taps(first, w.dilation_width, w.filter_width, w.input_width);
    const int8_t *input = rows.data + eonc_first_position(first, w.dilation_width, columns) * w.input_channels;
    eonc_conv_2d_s8_at<false>(p, rows, columns, input, output);
  }
}

/** One output pixel of CONV_2D, in a cascade: writes output_channels elements. */
static inline void eonc_conv_2d_s8_pixel(const eonc_conv_2d_s8_params &p, const eonc_pixel<int8_t> &pixel,
                                         int8_t *output) {
  if (eonc_is_torn(p.window, pixel)) {
    eonc_conv_2d_s8_at<true>(p, pixel.rows, pixel.columns, pixel.rows.data, output);
  } else {
    eonc_conv_2d_s8_at<false>(p, pixel.rows, pixel.columns, pixel.rows.data, output);
  }
}

/** CONV_2D on int8, NHWC: all output rows, one after the other. */
static inline void eonc_conv_2d_s8(const eonc_conv_2d_s8_params &p, const int8_t *input, int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_conv_2d_s8_row(p, eonc_window_rows(w, input, 0, y), output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
