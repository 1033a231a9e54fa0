#pragma once
#include "../common/float.h"
#include "../common/window.h"

/** Parameters of CONV_2D on float32; all arrays are in ROM. */
struct eonc_conv_2d_f32_params {
  eonc_rom<float> weights; /* [output_channels][filter_height][filter_width][input_channels] */
  eonc_rom<float> bias;    /* [output_channels] */
  eonc_window window;
  float clamp_min;
  float clamp_max;
};

/** Output channels that are summed up side by side: each input is loaded once for all of them. */
enum { eonc_conv_2d_f32_channels = 4 };

/**
 * Adds `count` products to the sum of each of four channels, one after the other; channel i has its weights `offset`
 * elements behind `weights[i]`. Not inlined, as it needs all registers.
 */
__attribute__((noinline, unused)) static void eonc_conv_2d_f32_add(float *sums, const float *input,
                                                                   const eonc_rom<float> *weights, int32_t offset,
                                                                   int32_t count) {
  eonc_rom<float> weights_0 = weights[0] + offset;
  eonc_rom<float> weights_1 = weights[1] + offset;
  eonc_rom<float> weights_2 = weights[2] + offset;
  eonc_rom<float> weights_3 = weights[3] + offset;
  float sum_0 = sums[0];
  float sum_1 = sums[1];
  float sum_2 = sums[2];
  float sum_3 = sums[3];
  for (; count > 0; --count) {
    const float value = *input++;
    sum_0 += value * *weights_0++;
    sum_1 += value * *weights_1++;
    sum_2 += value * *weights_2++;
    sum_3 += value * *weights_3++;
  }
  sums[0] = sum_0;
  sums[1] = sum_1;
  sums[2] = sum_2;
  sums[3] = sum_3;
}

/** Adds the products of four output channels at one position. `row` is the first tap inside; padding adds nothing. */
template <bool torn>
static inline void eonc_conv_2d_f32_window(const eonc_conv_2d_f32_params &p, const eonc_rows<float> &rows,
                                           eonc_taps columns, const float *row, const eonc_rom<float> *weights,
                                           float *sums) {
  const eonc_window &w = p.window;
  const int32_t depth = w.input_channels;
  const int32_t step = w.dilation_width * depth;
  /* taps that lie side by side, in the input as in the weights, are one run */
  const int32_t taps = !torn && w.dilation_width == 1 ? columns.to - columns.from : 1;
  for (int32_t ky = rows.taps.from; ky < rows.taps.to; ++ky) {
    const float *tap = row;
    for (int32_t kx = columns.from; kx < columns.to; kx += taps, tap = eonc_next_tap<torn>(rows, tap, step)) {
      eonc_conv_2d_f32_add(sums, tap, weights, (ky * w.filter_width + kx) * depth, taps * depth);
    }
    row = eonc_next_row(rows, row);
  }
}

/** One output pixel of CONV_2D: writes output_channels elements. `input` is the first tap inside. */
template <bool torn>
static inline void eonc_conv_2d_f32_at(const eonc_conv_2d_f32_params &p, const eonc_rows<float> &rows,
                                       eonc_taps columns, const float *input, float *output) {
  const eonc_window &w = p.window;
  const int32_t filter = w.filter_height * w.filter_width * w.input_channels;
  for (int32_t channel = 0; channel < w.output_channels; channel += eonc_conv_2d_f32_channels) {
    const int32_t left = w.output_channels - channel;
    float sums[eonc_conv_2d_f32_channels] = {0.0F, 0.0F, 0.0F, 0.0F};
    eonc_rom<float> weights[eonc_conv_2d_f32_channels];
    for (int32_t i = 0; i < eonc_conv_2d_f32_channels; ++i) { /* behind the last channel it is computed again */
      weights[i] = p.weights + (i < left ? channel + i : channel) * filter;
    }
    eonc_conv_2d_f32_window<torn>(p, rows, columns, input, weights, sums);
    for (int32_t i = 0; i < left && i < eonc_conv_2d_f32_channels; ++i) {
      *output++ = eonc_clamp_f32(sums[i] + p.bias[channel + i], p.clamp_min, p.clamp_max);
    }
  }
}

/** One output row of CONV_2D: writes output_width * output_channels elements. */
static inline void eonc_conv_2d_f32_row(const eonc_conv_2d_f32_params &p, const eonc_rows<float> &rows, float *output) {
  const eonc_window &w = p.window;
  int32_t first = -w.padding_left;
  for (int32_t x = 0; x < w.output_width; ++x, first += w.stride_width, output += w.output_channels) {
    const eonc_taps columns = eonc_valid_taps(first, w.dilation_width, w.filter_width, w.input_width);
    const float *input = rows.data + eonc_first_position(first, w.dilation_width, columns) * w.input_channels;
    eonc_conv_2d_f32_at<false>(p, rows, columns, input, output);
  }
}

/** One output pixel of CONV_2D, in a cascade: writes output_channels elements. */
static inline void eonc_conv_2d_f32_pixel(const eonc_conv_2d_f32_params &p, const eonc_pixel<float> &pixel,
                                          float *output) {
  if (eonc_is_torn(p.window, pixel)) {
    eonc_conv_2d_f32_at<true>(p, pixel.rows, pixel.columns, pixel.rows.data, output);
  } else {
    eonc_conv_2d_f32_at<false>(p, pixel.rows, pixel.columns, pixel.rows.data, output);
  }
}

/** CONV_2D on float32, NHWC: all output rows, one after the other. */
static inline void eonc_conv_2d_f32(const eonc_conv_2d_f32_params &p, const float *input, float *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_conv_2d_f32_row(p, eonc_window_rows(w, input, 0, y), output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
