#pragma once
#include "../common/float.h"
#include "../common/window.h"

/** Parameters of CONV_2D on float32 where each group of output channels reads a group of input channels. */
struct eonc_grouped_conv_2d_f32_params {
  eonc_rom<float> weights; /* [output_channels][filter_height][filter_width][group_inputs], in ROM */
  eonc_rom<float> bias;    /* [output_channels], in ROM */
  eonc_window window;
  int32_t group_inputs;  /* input channels of a group */
  int32_t group_outputs; /* output channels of a group */
  float clamp_min;
  float clamp_max;
};

/** The products of one output channel at one position; padding adds nothing. `input` is its group in the first tap. */
template <bool torn>
static inline float eonc_grouped_conv_2d_f32_window(const eonc_grouped_conv_2d_f32_params &p,
                                                    const eonc_rows<float> &rows, eonc_taps columns, const float *input,
                                                    eonc_rom<float> weights) {
  const eonc_window &w = p.window;
  const int32_t step = w.dilation_width * w.input_channels;
  float sum = 0.0F;
  for (int32_t ky = rows.taps.from; ky < rows.taps.to; ++ky, input = eonc_next_row(rows, input)) {
    const float *tap = input;
    for (int32_t kx = columns.from; kx < columns.to; ++kx, tap = eonc_next_tap<torn>(rows, tap, step)) {
      sum = eonc_dot_f32(sum, tap, weights + (ky * w.filter_width + kx) * p.group_inputs, p.group_inputs);
    }
  }
  return sum;
}

/** One output pixel: writes output_channels elements. `input` is the first tap inside. */
template <bool torn>
static inline void eonc_grouped_conv_2d_f32_at(const eonc_grouped_conv_2d_f32_params &p, const eonc_rows<float> &rows,
                                               eonc_taps columns, const float *input, float *output) {
  const eonc_window &w = p.window;
  const int32_t filter = w.filter_height * w.filter_width * p.group_inputs;
  eonc_rom<float> weights = p.weights;
  int32_t member = 0;
  for (int32_t channel = 0; channel < w.output_channels; ++channel, weights += filter) {
    const float sum = eonc_grouped_conv_2d_f32_window<torn>(p, rows, columns, input, weights);
    *output++ = eonc_clamp_f32(sum + p.bias[channel], p.clamp_min, p.clamp_max);
    if (++member == p.group_outputs) { /* on to the next group */
      member = 0;
      input += p.group_inputs;
    }
  }
}

/** One output row: writes output_width * output_channels elements. */
static inline void eonc_grouped_conv_2d_f32_row(const eonc_grouped_conv_2d_f32_params &p, const eonc_rows<float> &rows,
                                                float *output) {
  const eonc_window &w = p.window;
  int32_t first = -w.padding_left;
  for (int32_t x = 0; x < w.output_width; ++x, first += w.stride_width, output += w.output_channels) {
    const eonc_taps columns = eonc_valid_taps(first, w.dilation_width, w.filter_width, w.input_width);
    const float *input = rows.data + eonc_first_position(first, w.dilation_width, columns) * w.input_channels;
    eonc_grouped_conv_2d_f32_at<false>(p, rows, columns, input, output);
  }
}

/** One output pixel, in a cascade: writes output_channels elements. */
static inline void eonc_grouped_conv_2d_f32_pixel(const eonc_grouped_conv_2d_f32_params &p,
                                                  const eonc_pixel<float> &pixel, float *output) {
  if (eonc_is_torn(p.window, pixel)) {
    eonc_grouped_conv_2d_f32_at<true>(p, pixel.rows, pixel.columns, pixel.rows.data, output);
  } else {
    eonc_grouped_conv_2d_f32_at<false>(p, pixel.rows, pixel.columns, pixel.rows.data, output);
  }
}

/** CONV_2D with groups on float32, NHWC: all output rows, one after the other. */
static inline void eonc_grouped_conv_2d_f32(const eonc_grouped_conv_2d_f32_params &p, const float *input,
                                            float *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_grouped_conv_2d_f32_row(p, eonc_window_rows(w, input, 0, y), output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
