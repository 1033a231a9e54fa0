#pragma once
#include "../common/dsp.h"

extern "C" {
void EONC_SYMBOL(conv_2d_s8_dsp_winograd_columns)(const int8_t *columns, int32_t depth, uint32_t *window,
                                                  int32_t position_bytes, const int8_t *end);
void EONC_SYMBOL(conv_2d_s8_dsp_winograd_linear)(const uint32_t *window, int32_t position_bytes, const int32_t *stream,
                                                 int32_t blocks, int8_t *output, int32_t distance);
void EONC_SYMBOL(conv_2d_s8_dsp_winograd_relu)(const uint32_t *window, int32_t position_bytes, const int32_t *stream,
                                               int32_t blocks, int8_t *output, int32_t distance);
}

/**
 * Parameters of CONV_2D on int8 for the kernel set `dsp`, by Winograd's F(2, 3) along rows: filters of 3 columns, which
 * move by 1; at least 4 output columns; input and output channels are multiples of 4.
 */
struct eonc_conv_2d_s8_dsp_winograd_params {
  const int32_t *stream; /* in blocks of 4 output channels: see README.md */
  eonc_window window;
  int32_t position_bytes; /* of both tiles' words of one position: a multiple of 64 */
  int16_t padding_value;  /* what padded taps read: the input zero point */
  int16_t clamp_min;
  int16_t clamp_max;
  int16_t relu; /* 1 when what is below the output zero point is cut off */
};

/** Outputs that are made at a time, and the columns that they read. */
enum { eonc_winograd_outputs = 4, eonc_winograd_columns = 6 };

/**
 * The columns of one row from `first` on that four outputs read: where they lie, or copied to `copy` where some are in
 * the padding. `row` is null where all are.
 */
static inline const int8_t *eonc_winograd_input(const eonc_conv_2d_s8_dsp_winograd_params &p, const int8_t *row,
                                                int32_t first, int8_t *copy) {
  const eonc_window &w = p.window;
  const int32_t depth = w.input_channels;
  if (row != nullptr && first >= 0 && first + eonc_winograd_columns <= w.input_width) {
    return row + first * depth;
  }
  for (int32_t column = 0; column < eonc_winograd_columns; ++column) {
    const int32_t x = first + column;
    int8_t *const to = copy + column * depth;
    if (row != nullptr && x >= 0 && x < w.input_width) {
      memcpy(to, row + x * depth, static_cast<size_t>(depth));
    } else {
      memset(to, p.padding_value, static_cast<size_t>(depth));
    }
  }
  return copy;
}

/** The outputs of four pixels from output column `x` on. */
__attribute__((noinline, unused)) static void eonc_conv_2d_s8_dsp_winograd_tiles(
    const eonc_conv_2d_s8_dsp_winograd_params &p, const eonc_rows<int8_t> &rows, int32_t x, uint32_t *scratch,
    int8_t *output) {
  const eonc_window &w = p.window;
  const int32_t depth = w.input_channels;
  int8_t *const copy = static_cast<int8_t *>(static_cast<void *>(scratch + p.position_bytes));
  const int8_t *row = rows.data;
  uint32_t *window = scratch;
  for (int32_t ky = 0; ky < w.filter_height; ++ky, window += depth) {
    const bool inside = ky >= rows.taps.from && ky < rows.taps.to;
    const int8_t *const columns = eonc_winograd_input(p, inside ? row : nullptr, x - w.padding_left, copy);
    EONC_SYMBOL(conv_2d_s8_dsp_winograd_columns)(columns, depth, window, p.position_bytes, columns + depth);
    if (inside) {
      row = eonc_next_row(rows, row);
    }
  }
  const int32_t channels = w.output_channels;
  if (p.relu != 0) {
    EONC_SYMBOL(conv_2d_s8_dsp_winograd_relu)(scratch, p.position_bytes, p.stream, channels / 4, output, channels);
  } else {
    EONC_SYMBOL(conv_2d_s8_dsp_winograd_linear)(scratch, p.position_bytes, p.stream, channels / 4, output, channels);
  }
}

/** One output row of CONV_2D: writes output_width * output_channels elements. */
static inline void eonc_conv_2d_s8_dsp_winograd_row(const eonc_conv_2d_s8_dsp_winograd_params &p,
                                                    const eonc_rows<int8_t> &rows, uint32_t *scratch, int8_t *output) {
  const eonc_window &w = p.window;
  const int32_t last = w.output_width - eonc_winograd_outputs;
  for (int32_t x = 0; x < w.output_width; x += eonc_winograd_outputs) {
    const int32_t from = x < last ? x : last; /* the last ones may be made twice */
    eonc_conv_2d_s8_dsp_winograd_tiles(p, rows, from, scratch, output + from * w.output_channels);
  }
  eonc_limit_dsp(output, w.output_width * w.output_channels, p.clamp_min, p.clamp_max);
}

/** CONV_2D on int8, NHWC: all output rows, one after the other. */
static inline void eonc_conv_2d_s8_dsp_winograd(const eonc_conv_2d_s8_dsp_winograd_params &p, const int8_t *input,
                                                uint32_t *scratch, int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_conv_2d_s8_dsp_winograd_row(p, eonc_window_rows(w, input, 0, y), scratch, output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
