#pragma once
#include "../common/float.h"
#include "../common/window.h"

/** Parameters of AVERAGE_POOL_2D on float32. */
struct eonc_average_pool_2d_f32_params {
  eonc_window window;
  float clamp_min;
  float clamp_max;
};

/** One output channel at one position. `input` is the first tap inside. */
template <bool torn>
static inline float eonc_average_pool_2d_f32_window(const eonc_average_pool_2d_f32_params &p,
                                                    const eonc_rows<float> &rows, eonc_taps columns,
                                                    const float *input) {
  const int32_t count = (rows.taps.to - rows.taps.from) * (columns.to - columns.from);
  float sum = 0.0F;
  for (int32_t ky = rows.taps.from; ky < rows.taps.to; ++ky, input = eonc_next_row(rows, input)) {
    const float *tap = input;
    for (int32_t kx = columns.from; kx < columns.to;
         ++kx, tap = eonc_next_tap<torn>(rows, tap, p.window.input_channels)) {
      sum += *tap;
    }
  }
  return eonc_clamp_f32(sum / static_cast<float>(count), p.clamp_min, p.clamp_max);
}

/** One output pixel of AVERAGE_POOL_2D: writes output_channels elements. `input` is the first tap inside. */
template <bool torn>
static inline void eonc_average_pool_2d_f32_at(const eonc_average_pool_2d_f32_params &p, const eonc_rows<float> &rows,
                                               eonc_taps columns, const float *input, float *output) {
  for (int32_t channel = 0; channel < p.window.input_channels; ++channel) {
    *output++ = eonc_average_pool_2d_f32_window<torn>(p, rows, columns, input++);
  }
}

/** One output row of AVERAGE_POOL_2D: writes output_width * output_channels elements. */
static inline void eonc_average_pool_2d_f32_row(const eonc_average_pool_2d_f32_params &p, const eonc_rows<float> &rows,
                                                float *output) {
  const eonc_window &w = p.window;
  int32_t first = -w.padding_left;
  for (int32_t x = 0; x < w.output_width; ++x, first += w.stride_width, output += w.output_channels) {
    const eonc_taps columns = eonc_valid_taps(first, 1, w.filter_width, w.input_width);
    const float *input = rows.data + eonc_first_position(first, 1, columns) * w.input_channels;
    eonc_average_pool_2d_f32_at<false>(p, rows, columns, input, output);
  }
}

/** One output pixel of AVERAGE_POOL_2D, in a cascade: writes output_channels elements. */
static inline void eonc_average_pool_2d_f32_pixel(const eonc_average_pool_2d_f32_params &p,
                                                  const eonc_pixel<float> &pixel, float *output) {
  if (eonc_is_torn(p.window, pixel)) {
    eonc_average_pool_2d_f32_at<true>(p, pixel.rows, pixel.columns, pixel.rows.data, output);
  } else {
    eonc_average_pool_2d_f32_at<false>(p, pixel.rows, pixel.columns, pixel.rows.data, output);
  }
}

/** AVERAGE_POOL_2D on float32, NHWC: all output rows, one after the other. */
static inline void eonc_average_pool_2d_f32(const eonc_average_pool_2d_f32_params &p, const float *input,
                                            float *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_average_pool_2d_f32_row(p, eonc_window_rows(w, input, 0, y), output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
