#pragma once
#include "../common/wasm_simd128.h"
#include "portable.h"

/** The set shares parameters with the portable kernels. */
using eonc_depthwise_conv_2d_s8_wasm_simd128_params = eonc_depthwise_conv_2d_s8_params;

/** Where the inputs of eight output channels come from. */
struct eonc_depthwise_lanes {
  int32_t first; /* input channel of lane 0 of what is loaded */
  int32_t bytes; /* input channels that are loaded, up to 8 */
  v128_t source; /* for each output channel, which of them it reads */
};

/** The input channels that output channels from `channel` on read. */
static inline eonc_depthwise_lanes eonc_find_depthwise_lanes(const eonc_depthwise_conv_2d_s8_params &p,
                                                             int32_t channel) {
  const int32_t channels = p.window.input_channels;
  int8_t source[16] = {};
  eonc_depthwise_lanes lanes;
  lanes.first = channel / p.depth_multiplier;
  if (lanes.first + 8 > channels) {
    lanes.first = channels < 8 ? 0 : channels - 8;
  }
  lanes.bytes = channels < 8 ? channels : 8;
  for (int32_t i = 0; i < 8; ++i) {
    source[i] = static_cast<int8_t>((channel + i) / p.depth_multiplier - lanes.first);
  }
  lanes.source = wasm_v128_load(source);
  return lanes;
}

/** The inputs of eight output channels at one tap, as int16. */
static inline v128_t eonc_depthwise_inputs(const int8_t *tap, const eonc_depthwise_lanes &lanes) {
  if (lanes.bytes == 8) {
    const v128_t loaded = wasm_v128_load64_zero(tap + lanes.first);
    return wasm_i16x8_extend_low_i8x16(wasm_i8x16_swizzle(loaded, lanes.source));
  }
  if (lanes.bytes == 1) {
    return wasm_i16x8_splat(*tap);
  }
  int8_t loaded[16] = {};
  for (int32_t i = 0; i < lanes.bytes; ++i) {
    loaded[i] = tap[i];
  }
  return wasm_i16x8_extend_low_i8x16(wasm_i8x16_swizzle(wasm_v128_load(loaded), lanes.source));
}

/** Accumulators of eight output channels. */
struct eonc_sums_x8 {
  v128_t low;
  v128_t high;
};

/** Adds the products of eight channels at one tap. */
static inline void eonc_multiply_add_x8(eonc_sums_x8 &sums, v128_t inputs, const int8_t *weights) {
  const v128_t w = eonc_load_x8(weights);
  sums.low = wasm_i32x4_add(sums.low, wasm_i32x4_extmul_low_i16x8(inputs, w));
  sums.high = wasm_i32x4_add(sums.high, wasm_i32x4_extmul_high_i16x8(inputs, w));
}

/** What is computed of eight output channels, the same at each position. */
struct eonc_depthwise_block {
  int32_t channel; /* the first one */
  eonc_depthwise_lanes lanes;
  eonc_scale_x4 scale_low;
  eonc_scale_x4 scale_high;
};

/** The block of the eight channels from `next` on; where fewer are left, of the last eight. */
static inline eonc_depthwise_block eonc_make_depthwise_block(const eonc_depthwise_conv_2d_s8_params &p, int32_t next) {
  const int32_t channels = p.window.output_channels;
  eonc_depthwise_block block;
  block.channel = next + 8 <= channels ? next : channels - 8;
  block.lanes = eonc_find_depthwise_lanes(p, block.channel);
  block.scale_low = eonc_channel_scale_x4(p, block.channel, 4);
  block.scale_high = eonc_channel_scale_x4(p, block.channel + 4, 4);
  return block;
}

/** Eight output channels at one position. `row` is the first tap inside, `output` that of channel 0. */
template <bool torn>
static inline void eonc_depthwise_conv_2d_s8_x8(const eonc_depthwise_conv_2d_s8_params &p,
                                                const eonc_rows<int8_t> &rows, eonc_taps columns, const int8_t *row,
                                                const eonc_depthwise_block &block, int8_t *output) {
  const eonc_window &w = p.window;
  const v128_t padding = wasm_i16x8_splat(p.padding_value);
  const int32_t step = w.dilation_width * w.input_channels;
  const int8_t *weights = p.weights + block.channel;
  eonc_sums_x8 sums = {wasm_v128_load(p.bias + block.channel), wasm_v128_load(p.bias + block.channel + 4)};
  for (int32_t ky = 0; ky < w.filter_height; ++ky) {
    const bool inside = ky >= rows.taps.from && ky < rows.taps.to;
    const int8_t *tap = row;
    for (int32_t kx = 0; kx < w.filter_width; ++kx, weights += w.output_channels) {
      if (inside && kx >= columns.from && kx < columns.to) {
        eonc_multiply_add_x8(sums, eonc_depthwise_inputs(tap, block.lanes), weights);
        tap = eonc_next_tap<torn>(rows, tap, step);
      } else {
        eonc_multiply_add_x8(sums, padding, weights);
      }
    }
    row = inside ? eonc_next_row(rows, row) : row;
  }
  const v128_t low = eonc_requantize_x4(sums.low, block.scale_low);
  const v128_t high = eonc_requantize_x4(sums.high, block.scale_high);
  wasm_v128_store64_lane(output + block.channel, eonc_output_x8(p, low, high), 0);
}

/**
 * One output row of DEPTHWISE_CONV_2D: writes output_width * output_channels elements. Eight channels at a time; where
 * fewer are left, some are computed once more.
 */
static inline void eonc_depthwise_conv_2d_s8_wasm_simd128_row(const eonc_depthwise_conv_2d_s8_params &p,
                                                              const eonc_rows<int8_t> &rows, int8_t *output) {
  const eonc_window &w = p.window;
  if (w.output_channels < 8) {
    eonc_depthwise_conv_2d_s8_row(p, rows, output);
    return;
  }
  for (int32_t channel = 0; channel < w.output_channels; channel += 8) {
    const eonc_depthwise_block block = eonc_make_depthwise_block(p, channel);
    int32_t first = -w.padding_left;
    int8_t *result = output;
    for (int32_t x = 0; x < w.output_width; ++x, first += w.stride_width, result += w.output_channels) {
      const eonc_taps columns = eonc_valid_taps(first, w.dilation_width, w.filter_width, w.input_width);
      const int8_t *row = rows.data + eonc_first_position(first, w.dilation_width, columns) * w.input_channels;
      eonc_depthwise_conv_2d_s8_x8<false>(p, rows, columns, row, block, result);
    }
  }
}

/** One output pixel of DEPTHWISE_CONV_2D, in a cascade: writes output_channels elements. */
static inline void eonc_depthwise_conv_2d_s8_wasm_simd128_pixel(const eonc_depthwise_conv_2d_s8_params &p,
                                                                const eonc_pixel<int8_t> &pixel, int8_t *output) {
  if (p.window.output_channels < 8) {
    eonc_depthwise_conv_2d_s8_pixel(p, pixel, output);
    return;
  }
  for (int32_t channel = 0; channel < p.window.output_channels; channel += 8) {
    const eonc_depthwise_block block = eonc_make_depthwise_block(p, channel);
    eonc_depthwise_conv_2d_s8_x8<true>(p, pixel.rows, pixel.columns, pixel.rows.data, block, output);
  }
}

/** DEPTHWISE_CONV_2D on int8, NHWC: all output rows, one after the other. */
static inline void eonc_depthwise_conv_2d_s8_wasm_simd128(const eonc_depthwise_conv_2d_s8_params &p,
                                                          const int8_t *input, int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_depthwise_conv_2d_s8_wasm_simd128_row(p, eonc_window_rows(w, input, 0, y), output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
