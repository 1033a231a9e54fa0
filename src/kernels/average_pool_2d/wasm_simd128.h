#pragma once
#include "../common/wasm_simd128.h"
#include "portable.h"

/** The set shares parameters with the portable kernels. */
using eonc_average_pool_2d_s8_wasm_simd128_params = eonc_average_pool_2d_s8_params;

/** Most taps of a window whose mean is computed in float32: see `eonc_mean_x4`. */
static const int32_t eonc_average_pool_2d_s8_taps = 65536;

/**
 * sum / count, rounded half away from zero, in each lane. Exact up to 65,536 taps: sum + count / 2 has 24 bits at
 * most, and
 * no quotient, below 129, is closer to the next integer than 1 / count, which is twice the distance of floats there.
 */
static inline v128_t eonc_mean_x4(v128_t sum, int32_t count) {
  const v128_t half = wasm_i32x4_splat(count / 2);
  const v128_t sign = wasm_i32x4_shr(sum, 31);
  const v128_t rounding = wasm_i32x4_sub(wasm_v128_xor(half, sign), sign);
  const v128_t numerator = wasm_f32x4_convert_i32x4(wasm_i32x4_add(sum, rounding));
  return wasm_i32x4_trunc_sat_f32x4(wasm_f32x4_div(numerator, wasm_f32x4_splat(static_cast<float>(count))));
}

/** Eight means, in the lower half: limited and narrowed. */
static inline v128_t eonc_means_x8(const eonc_average_pool_2d_s8_params &p, v128_t low, v128_t high, int32_t count) {
  const v128_t wide = wasm_i16x8_narrow_i32x4(eonc_mean_x4(low, count), eonc_mean_x4(high, count));
  const v128_t limited = wasm_i16x8_max(wide, wasm_i16x8_splat(p.clamp_min));
  const v128_t narrow = wasm_i16x8_min(limited, wasm_i16x8_splat(p.clamp_max));
  return wasm_i8x16_narrow_i16x8(narrow, narrow);
}

/** Whether the vectors serve: eight channels at a time; where fewer are left, some are computed once more. */
static inline bool eonc_average_pool_2d_s8_fits(const eonc_window &w) {
  return w.input_channels >= 8 && w.filter_height * w.filter_width <= eonc_average_pool_2d_s8_taps;
}

/** One output pixel of AVERAGE_POOL_2D: writes output_channels elements. `input` is the first tap inside. */
template <bool torn>
static inline void eonc_average_pool_2d_s8_x8(const eonc_average_pool_2d_s8_params &p, const eonc_rows<int8_t> &rows,
                                              eonc_taps columns, const int8_t *input, int8_t *output) {
  const int32_t channels = p.window.input_channels;
  const int32_t count = (rows.taps.to - rows.taps.from) * (columns.to - columns.from);
  for (int32_t next = 0; next < channels; next += 8) {
    const int32_t channel = next + 8 <= channels ? next : channels - 8;
    const int8_t *row = input;
    v128_t low = wasm_i32x4_splat(0);
    v128_t high = low;
    for (int32_t ky = rows.taps.from; ky < rows.taps.to; ++ky, row = eonc_next_row(rows, row)) {
      const int8_t *tap = row;
      for (int32_t kx = columns.from; kx < columns.to; ++kx, tap = eonc_next_tap<torn>(rows, tap, channels)) {
        const v128_t values = eonc_load_x8(tap + channel);
        low = wasm_i32x4_add(low, wasm_i32x4_extend_low_i16x8(values));
        high = wasm_i32x4_add(high, wasm_i32x4_extend_high_i16x8(values));
      }
    }
    wasm_v128_store64_lane(output + channel, eonc_means_x8(p, low, high, count), 0);
  }
}

/** One output row of AVERAGE_POOL_2D: writes output_width * output_channels elements. */
static inline void eonc_average_pool_2d_s8_wasm_simd128_row(const eonc_average_pool_2d_s8_params &p,
                                                            const eonc_rows<int8_t> &rows, int8_t *output) {
  const eonc_window &w = p.window;
  if (!eonc_average_pool_2d_s8_fits(w)) {
    eonc_average_pool_2d_s8_row(p, rows, output);
    return;
  }
  int32_t first = -w.padding_left;
  for (int32_t x = 0; x < w.output_width; ++x, first += w.stride_width, output += w.output_channels) {
    const eonc_taps columns = eonc_valid_taps(first, 1, w.filter_width, w.input_width);
    const int8_t *input = rows.data + eonc_first_position(first, 1, columns) * w.input_channels;
    eonc_average_pool_2d_s8_x8<false>(p, rows, columns, input, output);
  }
}

/** One output pixel of AVERAGE_POOL_2D, in a cascade: writes output_channels elements. */
static inline void eonc_average_pool_2d_s8_wasm_simd128_pixel(const eonc_average_pool_2d_s8_params &p,
                                                              const eonc_pixel<int8_t> &pixel, int8_t *output) {
  if (eonc_average_pool_2d_s8_fits(p.window)) {
    eonc_average_pool_2d_s8_x8<true>(p, pixel.rows, pixel.columns, pixel.rows.data, output);
  } else {
    eonc_average_pool_2d_s8_pixel(p, pixel, output);
  }
}

/** AVERAGE_POOL_2D on int8, NHWC: all output rows, one after the other. */
static inline void eonc_average_pool_2d_s8_wasm_simd128(const eonc_average_pool_2d_s8_params &p, const int8_t *input,
                                                        int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_average_pool_2d_s8_wasm_simd128_row(p, eonc_window_rows(w, input, 0, y), output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
