#pragma once
#include "../common/dsp.h"

/** Makes outputs side by side of as many channels as there are in the stream up to its end. */
typedef void eonc_depthwise_outputs(const uint32_t *columns, const int32_t *stream, const int32_t *end, int8_t *output,
                                    int32_t distance);

/** Cores of so many outputs at a time, so many columns apart. */
#define EONC_DEPTHWISE_CORES(outputs, stride)                                                              \
  eonc_depthwise_outputs EONC_SYMBOL(depthwise_conv_2d_s8_dsp_outputs_##outputs##_##stride##_linear);      \
  eonc_depthwise_outputs EONC_SYMBOL(depthwise_conv_2d_s8_dsp_outputs_##outputs##_##stride##_relu);        \
  eonc_depthwise_outputs EONC_SYMBOL(depthwise_conv_2d_s8_dsp_outputs_##outputs##_##stride##_linear_wide); \
  eonc_depthwise_outputs EONC_SYMBOL(depthwise_conv_2d_s8_dsp_outputs_##outputs##_##stride##_relu_wide)

extern "C" {
void EONC_SYMBOL(depthwise_conv_2d_s8_dsp_columns)(const int8_t *row_0, const int8_t *row_1, const int8_t *row_2,
                                                   int32_t step, uint32_t *to, const uint32_t *end);
EONC_DEPTHWISE_CORES(3, 1);
EONC_DEPTHWISE_CORES(3, 2);
EONC_DEPTHWISE_CORES(4, 1);
EONC_DEPTHWISE_CORES(4, 2);
EONC_DEPTHWISE_CORES(5, 1);
EONC_DEPTHWISE_CORES(5, 2);
}
#undef EONC_DEPTHWISE_CORES

/**
 * Parameters of DEPTHWISE_CONV_2D on int8 for the kernel set `dsp`, with filters of 3x3 whose columns lie side by side:
 * each channel from the same one of the input, at least `outputs` output columns.
 */
struct eonc_depthwise_conv_2d_s8_dsp_columns_params {
  const int32_t *stream; /* channel by channel: see README.md */
  const int8_t *padding; /* input zero points of as many columns as are read at a time: a row in the padding */
  eonc_window window;
  int16_t padding_value; /* the input zero point */
  int16_t outputs;       /* that the core makes at a time */
  int16_t channel_words; /* of the stream */
  int16_t clamp_min;
  int16_t clamp_max;
};

/** Words of scratch that a column of four channels takes. */
enum { eonc_depthwise_column_words = 8 };

/** Columns from `from` up to `to` of the three rows, gathered for outputs side by side. */
struct eonc_depthwise_columns {
  const int8_t *rows[3]; /* at the column `from` */
  int32_t from;
  int32_t to;
};

/** Writes columns that lie in the padding, for all four channels. */
static inline void eonc_depthwise_pad(uint32_t *columns, int32_t from, int32_t to, int32_t padding_value) {
  const uint32_t value = static_cast<uint16_t>(padding_value);
  for (int32_t i = 4 * from; i < 4 * to; ++i) {
    columns[2 * i] = value | value << 16;
    columns[2 * i + 1] = value;
  }
}

/**
 * Finds the columns that the outputs from `x` on read, and writes those in the padding, which are the same for all
 * channels.
 */
__attribute__((noinline, unused)) static eonc_depthwise_columns eonc_depthwise_find(
    const eonc_depthwise_conv_2d_s8_dsp_columns_params &p, const eonc_rows<int8_t> &rows, int32_t x,
    uint32_t *columns) {
  const eonc_window &w = p.window;
  const int32_t first = x * w.stride_width - w.padding_left;
  const int32_t all = (p.outputs - 1) * w.stride_width + w.filter_width;
  eonc_depthwise_columns found;
  found.from = first < 0 ? -first : 0;
  found.to = w.input_width - first < all ? w.input_width - first : all;
  eonc_depthwise_pad(columns, 0, found.from, p.padding_value);
  eonc_depthwise_pad(columns, found.to, all, p.padding_value);
  const int32_t offset = (first + found.from) * w.input_channels;
  const int8_t *row = rows.data;
  for (int32_t ky = 0; ky < 3; ++ky) {
    const bool inside = ky >= rows.taps.from && ky < rows.taps.to;
    found.rows[ky] = inside ? row + offset : p.padding;
    if (inside) {
      row = eonc_next_row(rows, row);
    }
  }
  return found;
}

/** Gathers `count` channels from `channel` on, less than four. */
static inline void eonc_depthwise_gather(const eonc_depthwise_columns &found, int32_t step, int32_t channel,
                                         int32_t count, uint32_t *columns) {
  for (int32_t i = 0; i < count; ++i) {
    int32_t at = channel + i;
    for (int32_t column = found.from; column < found.to; ++column, at += step) {
      uint32_t *const to = columns + eonc_depthwise_column_words * column + 2 * i;
      to[0] = static_cast<uint16_t>(found.rows[0][at]) | static_cast<uint32_t>(static_cast<uint16_t>(found.rows[1][at]))
                                                             << 16;
      to[1] = static_cast<uint32_t>(static_cast<int32_t>(found.rows[2][at]));
    }
  }
}

/** One output row of DEPTHWISE_CONV_2D, by the core `make`: writes output_width * output_channels elements. */
template <eonc_depthwise_outputs make>
static inline void eonc_depthwise_conv_2d_s8_dsp_columns_row(const eonc_depthwise_conv_2d_s8_dsp_columns_params &p,
                                                             const eonc_rows<int8_t> &rows, uint32_t *scratch,
                                                             int8_t *output) {
  const eonc_window &w = p.window;
  const int32_t channels = w.output_channels;
  const int32_t last = w.output_width - p.outputs;
  for (int32_t x = 0; x < w.output_width; x += p.outputs) {
    const int32_t first = x < last ? x : last; /* the last ones may be made twice */
    const eonc_depthwise_columns found = eonc_depthwise_find(p, rows, first, scratch);
    int8_t *const outputs = output + first * channels;
    const int32_t *stream = p.stream;
    for (int32_t channel = 0; channel < channels; channel += 4) {
      const bool whole = channels - channel >= 4;
      const int32_t count = whole ? 4 : channels - channel;
      const int32_t *const end = stream + p.channel_words * count;
      if (!whole) {
        eonc_depthwise_gather(found, channels, channel, count, scratch);
      } else {
        EONC_SYMBOL(depthwise_conv_2d_s8_dsp_columns)
        (found.rows[0] + channel, found.rows[1] + channel, found.rows[2] + channel, channels,
         scratch + eonc_depthwise_column_words * found.from, scratch + eonc_depthwise_column_words * found.to);
      }
      make(scratch, stream, end, outputs + channel, channels);
      stream = end;
    }
  }
  eonc_limit_dsp(output, w.output_width * channels, p.clamp_min, p.clamp_max);
}

/** DEPTHWISE_CONV_2D on int8, NHWC: all output rows, one after the other. */
template <eonc_depthwise_outputs make>
static inline void eonc_depthwise_conv_2d_s8_dsp_columns(const eonc_depthwise_conv_2d_s8_dsp_columns_params &p,
                                                         const int8_t *input, uint32_t *scratch, int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_depthwise_conv_2d_s8_dsp_columns_row<make>(p, eonc_window_rows(w, input, 0, y), scratch, output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
