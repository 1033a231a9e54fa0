#pragma once
#include "../common/wasm_simd128_dot.h"
#include "portable.h"

/** The set shares parameters with the portable kernels. */
using eonc_conv_2d_s8_wasm_simd128_params = eonc_conv_2d_s8_params;

/** Largest filter, in bytes, whose windows are gathered on the stack. */
static const int32_t eonc_conv_2d_s8_patch_bytes = 2304;

/** Copies `count` bytes that do not overlap: few, so that a call of memcpy would take longer. Gives the end. */
static inline int8_t *eonc_copy_s8(int8_t *output, const int8_t *input, int32_t count) {
  for (; count >= 8; count -= 8, input += 8, output += 8) {
    wasm_v128_store64_lane(output, wasm_v128_load64_zero(input), 0);
  }
  for (; count > 0; --count) {
    *output++ = *input++;
  }
  return output;
}

/** Writes `count` times the same value; gives the end. */
static inline int8_t *eonc_repeat_s8(int8_t *output, int32_t value, int32_t count) {
  for (; count > 0; --count) {
    *output++ = static_cast<int8_t>(value);
  }
  return output;
}

/** Copies `count` elements of a row of taps; gives the end. */
template <bool torn>
static inline int8_t *eonc_copy_taps_s8(int8_t *output, const eonc_rows<int8_t> &rows, const int8_t *taps,
                                        int32_t count) {
  const int32_t before = static_cast<int32_t>(rows.end - taps);
  if (torn && before < count) {
    output = eonc_copy_s8(output, taps, before);
    return eonc_copy_s8(output, rows.end - rows.ring, count - before);
  }
  return eonc_copy_s8(output, taps, count);
}

/** Writes a window, taps in the padding included, in the order of the weights. `row` is the first tap inside. */
template <bool torn>
static inline void eonc_conv_2d_s8_patch(const eonc_conv_2d_s8_params &p, const eonc_rows<int8_t> &rows,
                                         eonc_taps columns, const int8_t *row, int8_t *patch) {
  const eonc_window &w = p.window;
  const int32_t depth = w.input_channels;
  for (int32_t ky = 0; ky < w.filter_height; ++ky) {
    if (ky < rows.taps.from || ky >= rows.taps.to) {
      patch = eonc_repeat_s8(patch, p.padding_value, w.filter_width * depth);
      continue;
    }
    patch = eonc_repeat_s8(patch, p.padding_value, columns.from * depth);
    if (w.dilation_width == 1) { /* taps that follow one another lie side by side */
      patch = eonc_copy_taps_s8<torn>(patch, rows, row, (columns.to - columns.from) * depth);
    } else {
      const int8_t *tap = row;
      for (int32_t kx = columns.from; kx < columns.to;
           ++kx, tap = eonc_next_tap<torn>(rows, tap, w.dilation_width * depth)) {
        patch = eonc_copy_s8(patch, tap, depth);
      }
    }
    patch = eonc_repeat_s8(patch, p.padding_value, (w.filter_width - columns.to) * depth);
    row = eonc_next_row(rows, row);
  }
}

/** Writes the window at column `first` of a row, which lies in the padding where it is negative. */
static inline void eonc_conv_2d_s8_row_patch(const eonc_conv_2d_s8_params &p, const eonc_rows<int8_t> &rows,
                                             int32_t first, int8_t *patch) {
  const eonc_window &w = p.window;
  const eonc_taps columns = eonc_valid_taps(first, w.dilation_width, w.filter_width, w.input_width);
  const int8_t *row = rows.data + eonc_first_position(first, w.dilation_width, columns) * w.input_channels;
  eonc_conv_2d_s8_patch<false>(p, rows, columns, row, patch);
}

/** One output row of a convolution of 1x1 without padding, whose windows lie in the input as they are. */
static inline void eonc_conv_2d_s8_wasm_simd128_points(const eonc_conv_2d_s8_params &p, const eonc_rows<int8_t> &rows,
                                                       int8_t *output) {
  const eonc_window &w = p.window;
  const int32_t depth = w.input_channels;
  const int32_t step = w.stride_width * depth;
  const int8_t *input = rows.data;
  int32_t x = 0;
  for (; x + 2 <= w.output_width; x += 2, input += 2 * step, output += 2 * w.output_channels) {
    const int8_t *const pair[2] = {input, input + step};
    eonc_channels_x4(p, pair, depth, w.output_channels, output);
  }
  if (x < w.output_width) {
    const int8_t *const single[1] = {input};
    eonc_channels_x4(p, single, depth, w.output_channels, output);
  }
}

/** One output row of any convolution whose filter is no larger than a patch. */
static inline void eonc_conv_2d_s8_wasm_simd128_patches(const eonc_conv_2d_s8_params &p, const eonc_rows<int8_t> &rows,
                                                        int32_t filter, int8_t *output) {
  const eonc_window &w = p.window;
  int8_t patches[2][eonc_conv_2d_s8_patch_bytes];
  int32_t first = -w.padding_left;
  int32_t x = 0;
  for (; x + 2 <= w.output_width; x += 2, first += 2 * w.stride_width, output += 2 * w.output_channels) {
    const int8_t *const pair[2] = {patches[0], patches[1]};
    eonc_conv_2d_s8_row_patch(p, rows, first, patches[0]);
    eonc_conv_2d_s8_row_patch(p, rows, first + w.stride_width, patches[1]);
    eonc_channels_x4(p, pair, filter, w.output_channels, output);
  }
  if (x < w.output_width) {
    const int8_t *const single[1] = {patches[0]};
    eonc_conv_2d_s8_row_patch(p, rows, first, patches[0]);
    eonc_channels_x4(p, single, filter, w.output_channels, output);
  }
}

/** One output row of CONV_2D: writes output_width * output_channels elements. */
static inline void eonc_conv_2d_s8_wasm_simd128_row(const eonc_conv_2d_s8_params &p, const eonc_rows<int8_t> &rows,
                                                    int8_t *output) {
  const eonc_window &w = p.window;
  const int32_t taps = w.filter_height * w.filter_width;
  const int32_t filter = taps * w.input_channels;
  const bool whole =
      rows.taps.from < rows.taps.to && w.padding_left == 0 && (w.output_width - 1) * w.stride_width < w.input_width;
  if (filter >= 8 && taps == 1 && whole) {
    eonc_conv_2d_s8_wasm_simd128_points(p, rows, output);
  } else if (filter >= 8 && filter <= eonc_conv_2d_s8_patch_bytes) {
    eonc_conv_2d_s8_wasm_simd128_patches(p, rows, filter, output);
  } else {
    eonc_conv_2d_s8_row(p, rows, output);
  }
}

/** One output pixel of CONV_2D, in a cascade: writes output_channels elements. */
static inline void eonc_conv_2d_s8_wasm_simd128_pixel(const eonc_conv_2d_s8_params &p, const eonc_pixel<int8_t> &pixel,
                                                      int8_t *output) {
  const eonc_window &w = p.window;
  const int32_t filter = w.filter_height * w.filter_width * w.input_channels;
  if (filter < 8 || filter > eonc_conv_2d_s8_patch_bytes) {
    eonc_conv_2d_s8_pixel(p, pixel, output);
    return;
  }
  int8_t patch[eonc_conv_2d_s8_patch_bytes];
  const int8_t *const single[1] = {patch};
  eonc_conv_2d_s8_patch<true>(p, pixel.rows, pixel.columns, pixel.rows.data, patch);
  eonc_channels_x4(p, single, filter, w.output_channels, output);
}

/** CONV_2D on int8, NHWC: all output rows, one after the other. */
static inline void eonc_conv_2d_s8_wasm_simd128(const eonc_conv_2d_s8_params &p, const int8_t *input, int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_conv_2d_s8_wasm_simd128_row(p, eonc_window_rows(w, input, 0, y), output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
