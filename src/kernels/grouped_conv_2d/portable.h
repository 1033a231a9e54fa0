#pragma once
#include "../common/dot.h"
#include "../common/window.h"

/** Parameters of CONV_2D on int8 where each group of output channels reads a group of input channels; arrays in ROM. */
struct eonc_grouped_conv_2d_s8_params {
  eonc_rom<int8_t> weights;     /* [output_channels][filter_height][filter_width][group_inputs] */
  eonc_rom<int32_t> bias;       /* [output_channels], with -input zero point * sum of weights added */
  eonc_rom<int32_t> multiplier; /* one, or [output_channels] */
  eonc_rom<int8_t> shift;       /* as many as multipliers */
  eonc_window window;
  int32_t group_inputs;  /* input channels of a group */
  int32_t group_outputs; /* output channels of a group */
  int16_t padding_value; /* what padded taps read: the input zero point */
  int16_t output_zero_point;
  int16_t clamp_min;
  int16_t clamp_max;
  int16_t channel_step; /* 1 when multiplier and shift are per channel, else 0 */
};

/** The products of one output channel at one position, added to `accumulator`; `input`: its group in the first tap. */
template <bool torn>
static inline uint32_t eonc_grouped_conv_2d_s8_window(const eonc_grouped_conv_2d_s8_params &p,
                                                      const eonc_rows<int8_t> &rows, eonc_taps columns,
                                                      const int8_t *input, eonc_rom<int8_t> weights,
                                                      uint32_t accumulator) {
  const eonc_window &w = p.window;
  const int32_t step = w.dilation_width * w.input_channels;
  for (int32_t ky = 0; ky < w.filter_height; ++ky) {
    const bool inside = ky >= rows.taps.from && ky < rows.taps.to;
    const int8_t *tap = input;
    for (int32_t kx = 0; kx < w.filter_width; ++kx, weights += p.group_inputs) {
      if (inside && kx >= columns.from && kx < columns.to) {
        accumulator = eonc_dot_s8(accumulator, tap, weights, p.group_inputs);
        tap = eonc_next_tap<torn>(rows, tap, step);
      } else {
        accumulator = eonc_dot_padding_s8(accumulator, p.padding_value, weights, p.group_inputs);
      }
    }
    if (inside) {
      input = eonc_next_row(rows, input);
    }
  }
  return accumulator;
}

/** One output pixel: writes output_channels elements. `input` is the first tap inside. */
template <bool torn>
static inline void eonc_grouped_conv_2d_s8_at(const eonc_grouped_conv_2d_s8_params &p, const eonc_rows<int8_t> &rows,
                                              eonc_taps columns, const int8_t *input, int8_t *output) {
  const eonc_window &w = p.window;
  const int32_t filter = w.filter_height * w.filter_width * p.group_inputs;
  eonc_rom<int8_t> weights = p.weights;
  int32_t member = 0;
  for (int32_t channel = 0; channel < w.output_channels; ++channel, weights += filter) {
    const uint32_t accumulator =
        eonc_grouped_conv_2d_s8_window<torn>(p, rows, columns, input, weights, static_cast<uint32_t>(p.bias[channel]));
    const int32_t scale = channel * p.channel_step;
    const int32_t scaled = eonc_requantize(static_cast<int32_t>(accumulator), p.multiplier[scale], p.shift[scale]);
    *output++ = eonc_clamp_s8(eonc_wrapping_add(scaled, p.output_zero_point), p.clamp_min, p.clamp_max);
    if (++member == p.group_outputs) { /* on to the next group */
      member = 0;
      input += p.group_inputs;
    }
  }
}

/** One output row: writes output_width * output_channels elements. */
static inline void eonc_grouped_conv_2d_s8_row(const eonc_grouped_conv_2d_s8_params &p, const eonc_rows<int8_t> &rows,
                                               int8_t *output) {
  const eonc_window &w = p.window;
  int32_t first = -w.padding_left;
  for (int32_t x = 0; x < w.output_width; ++x, first += w.stride_width, output += w.output_channels) {
    const eonc_taps columns = eonc_valid_taps(first, w.dilation_width, w.filter_width, w.input_width);
    const int8_t *input = rows.data + eonc_first_position(first, w.dilation_width, columns) * w.input_channels;
    eonc_grouped_conv_2d_s8_at<false>(p, rows, columns, input, output);
  }
}

/** One output pixel, in a cascade: writes output_channels elements. */
static inline void eonc_grouped_conv_2d_s8_pixel(const eonc_grouped_conv_2d_s8_params &p,
                                                 const eonc_pixel<int8_t> &pixel, int8_t *output) {
  if (eonc_is_torn(p.window, pixel)) {
    eonc_grouped_conv_2d_s8_at<true>(p, pixel.rows, pixel.columns, pixel.rows.data, output);
  } else {
    eonc_grouped_conv_2d_s8_at<false>(p, pixel.rows, pixel.columns, pixel.rows.data, output);
  }
}

/** CONV_2D with groups on int8, NHWC: all output rows, one after the other. */
static inline void eonc_grouped_conv_2d_s8(const eonc_grouped_conv_2d_s8_params &p, const int8_t *input,
                                           int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_grouped_conv_2d_s8_row(p, eonc_window_rows(w, input, 0, y), output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
