#pragma once
#include "../common/wasm_simd128.h"
#include "portable.h"

/** The set shares parameters with the portable kernels. */
using eonc_max_pool_2d_s8_wasm_simd128_params = eonc_max_pool_2d_s8_params;

/**
 * One output pixel of MAX_POOL_2D: writes output_channels elements. `input` is the first tap inside. Eight channels at
 * a
 * time; where fewer are left, some are computed once more.
 */
template <bool torn>
static inline void eonc_max_pool_2d_s8_x8(const eonc_max_pool_2d_s8_params &p, const eonc_rows<int8_t> &rows,
                                          eonc_taps columns, const int8_t *input, int8_t *output) {
  const int32_t channels = p.window.input_channels;
  const v128_t clamp_min = wasm_i8x16_splat(static_cast<int8_t>(p.clamp_min));
  const v128_t clamp_max = wasm_i8x16_splat(static_cast<int8_t>(p.clamp_max));
  for (int32_t next = 0; next < channels; next += 8) {
    const int32_t channel = next + 8 <= channels ? next : channels - 8;
    const int8_t *row = input;
    v128_t max = clamp_min;
    for (int32_t ky = rows.taps.from; ky < rows.taps.to; ++ky, row = eonc_next_row(rows, row)) {
      const int8_t *tap = row;
      for (int32_t kx = columns.from; kx < columns.to; ++kx, tap = eonc_next_tap<torn>(rows, tap, channels)) {
        max = wasm_i8x16_max(max, wasm_v128_load64_zero(tap + channel));
      }
    }
    wasm_v128_store64_lane(output + channel, wasm_i8x16_min(max, clamp_max), 0);
  }
}

/** One output row of MAX_POOL_2D: writes output_width * output_channels elements. */
static inline void eonc_max_pool_2d_s8_wasm_simd128_row(const eonc_max_pool_2d_s8_params &p,
                                                        const eonc_rows<int8_t> &rows, int8_t *output) {
  const eonc_window &w = p.window;
  if (w.input_channels < 8) {
    eonc_max_pool_2d_s8_row(p, rows, output);
    return;
  }
  int32_t first = -w.padding_left;
  for (int32_t x = 0; x < w.output_width; ++x, first += w.stride_width, output += w.output_channels) {
    const eonc_taps columns = eonc_valid_taps(first, 1, w.filter_width, w.input_width);
    const int8_t *input = rows.data + eonc_first_position(first, 1, columns) * w.input_channels;
    eonc_max_pool_2d_s8_x8<false>(p, rows, columns, input, output);
  }
}

/** One output pixel of MAX_POOL_2D, in a cascade: writes output_channels elements. */
static inline void eonc_max_pool_2d_s8_wasm_simd128_pixel(const eonc_max_pool_2d_s8_params &p,
                                                          const eonc_pixel<int8_t> &pixel, int8_t *output) {
  if (p.window.input_channels < 8) {
    eonc_max_pool_2d_s8_pixel(p, pixel, output);
  } else {
    eonc_max_pool_2d_s8_x8<true>(p, pixel.rows, pixel.columns, pixel.rows.data, output);
  }
}

/** MAX_POOL_2D on int8, NHWC: all output rows, one after the other. */
static inline void eonc_max_pool_2d_s8_wasm_simd128(const eonc_max_pool_2d_s8_params &p, const int8_t *input,
                                                    int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_max_pool_2d_s8_wasm_simd128_row(p, eonc_window_rows(w, input, 0, y), output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
