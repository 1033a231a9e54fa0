#pragma once
#include "../common/integer.h"
#include "../common/window.h"

/** Parameters of AVERAGE_POOL_2D on int8. */
struct eonc_average_pool_2d_s8_params {
  eonc_window window;
  int16_t clamp_min;
  int16_t clamp_max;
};

/** One output channel at one position. `input` is the first tap inside. */
template <bool torn>
static inline int8_t eonc_average_pool_2d_s8_window(const eonc_average_pool_2d_s8_params &p,
                                                    const eonc_rows<int8_t> &rows, eonc_taps columns,
                                                    const int8_t *input) {
  const int32_t count = (rows.taps.to - rows.taps.from) * (columns.to - columns.from);
  int32_t sum = 0;
  for (int32_t ky = rows.taps.from; ky < rows.taps.to; ++ky, input = eonc_next_row(rows, input)) {
    const int8_t *tap = input;
    for (int32_t kx = columns.from; kx < columns.to;
         ++kx, tap = eonc_next_tap<torn>(rows, tap, p.window.input_channels)) {
      sum += *tap;
    }
  }
  const int32_t mean = eonc_rounded_quotient(sum, count);
  return eonc_clamp_s8(mean, p.clamp_min, p.clamp_max);
}

/** One output pixel of AVERAGE_POOL_2D: writes output_channels elements. `input` is the first tap inside. */
template <bool torn>
static inline void eonc_average_pool_2d_s8_at(const eonc_average_pool_2d_s8_params &p, const eonc_rows<int8_t> &rows,
                                              eonc_taps columns, const int8_t *input, int8_t *output) {
  for (int32_t channel = 0; channel < p.window.input_channels; ++channel) {
    *output++ = eonc_average_pool_2d_s8_window<torn>(p, rows, columns, input++);
  }
}

/** One output row of AVERAGE_POOL_2D: writes output_width * output_channels elements. */
static inline void eonc_average_pool_2d_s8_row(const eonc_average_pool_2d_s8_params &p, const eonc_rows<int8_t> &rows,
                                               int8_t *output) {
  const eonc_window &w = p.window;
  int32_t first = -w.padding_left;
  for (int32_t x = 0; x < w.output_width; ++x, first += w.stride_width, output += w.output_channels) {
    const eonc_taps columns = eonc_valid_taps(first, 1, w.filter_width, w.input_width);
    const int8_t *input = rows.data + eonc_first_position(first, 1, columns) * w.input_channels;
    eonc_average_pool_2d_s8_at<false>(p, rows, columns, input, output);
  }
}

/** One output pixel of AVERAGE_POOL_2D, in a cascade: writes output_channels elements. */
static inline void eonc_average_pool_2d_s8_pixel(const eonc_average_pool_2d_s8_params &p,
                                                 const eonc_pixel<int8_t> &pixel, int8_t *output) {
  if (eonc_is_torn(p.window, pixel)) {
    eonc_average_pool_2d_s8_at<true>(p, pixel.rows, pixel.columns, pixel.rows.data, output);
  } else {
    eonc_average_pool_2d_s8_at<false>(p, pixel.rows, pixel.columns, pixel.rows.data, output);
  }
}

/** AVERAGE_POOL_2D on int8, NHWC: all output rows, one after the other. */
static inline void eonc_average_pool_2d_s8(const eonc_average_pool_2d_s8_params &p, const int8_t *input,
                                           int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_average_pool_2d_s8_row(p, eonc_window_rows(w, input, 0, y), output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
