#pragma once
#include "../common/mve.h"
#include "../common/window.h"

extern "C" {
void EONC_SYMBOL(max_pool_2d_s8_mve_largest)(const int8_t *input, int32_t taps, int32_t step, int8_t *output,
                                             int32_t channels);
}

/** Parameters of MAX_POOL_2D on int8 for the kernel set `mve`. */
struct eonc_max_pool_2d_s8_mve_params {
  eonc_window window;
  int16_t clamp_min;
  int16_t clamp_max;
};

/** One output row of MAX_POOL_2D: writes output_width * output_channels elements. */
static inline void eonc_max_pool_2d_s8_mve_row(const eonc_max_pool_2d_s8_mve_params &p, const eonc_rows<int8_t> &rows,
                                               int8_t *output) {
  const eonc_window &w = p.window;
  const int32_t channels = w.input_channels;
  int8_t *outputs = output;
  int32_t first = -w.padding_left;
  EONC_SYMBOL(mve_set)(output, w.output_width * channels, -128);
  for (int32_t x = 0; x < w.output_width; ++x, first += w.stride_width, outputs += channels) {
    const eonc_taps columns = eonc_valid_taps(first, 1, w.filter_width, w.input_width);
    const int8_t *row = rows.data + eonc_first_position(first, 1, columns) * channels;
    for (int32_t ky = rows.taps.from; ky < rows.taps.to; ++ky, row = eonc_next_row(rows, row)) {
      EONC_SYMBOL(max_pool_2d_s8_mve_largest)(row, columns.to - columns.from, channels, outputs, channels);
    }
  }
  eonc_limit_mve(output, w.output_width * channels, p.clamp_min, p.clamp_max);
}

/** MAX_POOL_2D on int8, NHWC: all output rows, one after the other. */
static inline void eonc_max_pool_2d_s8_mve(const eonc_max_pool_2d_s8_mve_params &p, const int8_t *input,
                                           int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_max_pool_2d_s8_mve_row(p, eonc_window_rows(w, input, 0, y), output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
