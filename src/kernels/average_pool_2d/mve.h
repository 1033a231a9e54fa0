#pragma once
#include "../common/mve.h"
#include "../common/window.h"

extern "C" {
void EONC_SYMBOL(average_pool_2d_s8_mve_add)(const int8_t *input, int32_t taps, int32_t step, int32_t *sums,
                                             int32_t channels);
}

/** Parameters of AVERAGE_POOL_2D on int8 for the kernel set `mve`. */
struct eonc_average_pool_2d_s8_mve_params {
  eonc_window window;
  int16_t clamp_min;
  int16_t clamp_max;
};

/** The means of `count` elements of each channel, rounded half away from zero. */
static inline void eonc_average_pool_2d_s8_mve_means(const eonc_average_pool_2d_s8_mve_params &p, const int32_t *sums,
                                                     int32_t count, int32_t channels, int8_t *output) {
  const int32_t half = count / 2;
  for (int32_t i = 0; i < channels; ++i) {
    const int32_t mean = (sums[i] > 0 ? sums[i] + half : sums[i] - half) / count;
    output[i] = eonc_clamp_s8(mean, p.clamp_min, p.clamp_max);
  }
}

/** The output of one window: `input` is its first tap inside. */
static inline void eonc_average_pool_2d_s8_mve_window(const eonc_average_pool_2d_s8_mve_params &p,
                                                      const eonc_rows<int8_t> &rows, eonc_taps columns,
                                                      const int8_t *input, int8_t *output) {
  const int32_t all = p.window.input_channels;
  const int32_t taps = columns.to - columns.from;
  for (int32_t channel = 0; channel < all; channel += 16) {
    const int32_t channels = all - channel < 16 ? all - channel : 16;
    int32_t sums[16] = {};
    const int8_t *row = input + channel;
    for (int32_t ky = rows.taps.from; ky < rows.taps.to; ++ky, row = eonc_next_row(rows, row)) {
      EONC_SYMBOL(average_pool_2d_s8_mve_add)(row, taps, all, sums, channels);
    }
    const int32_t count = taps * (rows.taps.to - rows.taps.from);
    eonc_average_pool_2d_s8_mve_means(p, sums, count, channels, output + channel);
  }
}

/** One output row of AVERAGE_POOL_2D: writes output_width * output_channels elements. */
static inline void eonc_average_pool_2d_s8_mve_row(const eonc_average_pool_2d_s8_mve_params &p,
                                                   const eonc_rows<int8_t> &rows, int8_t *output) {
  const eonc_window &w = p.window;
  int32_t first = -w.padding_left;
  for (int32_t x = 0; x < w.output_width; ++x, first += w.stride_width, output += w.output_channels) {
    const eonc_taps columns = eonc_valid_taps(first, 1, w.filter_width, w.input_width);
    const int8_t *const input = rows.data + eonc_first_position(first, 1, columns) * w.input_channels;
    eonc_average_pool_2d_s8_mve_window(p, rows, columns, input, output);
  }
}

/** AVERAGE_POOL_2D on int8, NHWC: all output rows, one after the other. */
static inline void eonc_average_pool_2d_s8_mve(const eonc_average_pool_2d_s8_mve_params &p, const int8_t *input,
                                               int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_average_pool_2d_s8_mve_row(p, eonc_window_rows(w, input, 0, y), output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
