#pragma once
#include "../common/dsp.h"

/** Makes outputs side by side of as many channels as there are in the stream up to its end. */
typedef void eonc_depthwise_outputs(const uint32_t *columns, const int32_t *stream, const int32_t *end, int8_t *output,
                                    int32_t distance, int32_t odd);

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
 * each channel from the same one of the input, at least four channels and `outputs` output columns.
 */
struct eonc_depthwise_conv_2d_s8_dsp_columns_params {
  const int32_t *stream;        /* channel by channel: see README.md */
  eonc_depthwise_outputs *core; /* makes the outputs */
  eonc_window window;
  int16_t odd;          /* twice the output zero point and 1; nothing to a wide stream */
  int8_t padding_value; /* the input zero point */
  int8_t outputs;       /* that the core makes at a time */
  int8_t channel_words; /* of the stream */
  int8_t clamp_min;
  int8_t clamp_max;
};

/** Words of scratch that a column takes: two for each of four channels, of rows 0 and 1 and of row 2. */
enum { eonc_depthwise_column_words = 8 };

/** Columns side by side of which not all lie in the padding. */
struct eonc_depthwise_columns {
  const int8_t *rows[3]; /* at the first of them; of a row in the padding, that of another one */
  uint32_t *begin;       /* where they go */
  uint32_t *end;
  uint32_t outside; /* a bit for each row in the padding */
};

/** Writes what lies in the padding, for all four channels: the rows `outside` of columns from `begin` up to `end`. */
__attribute__((noinline, unused)) static void eonc_depthwise_pad(uint32_t *begin, const uint32_t *end, uint32_t outside,
                                                                 int32_t padding_value) {
  const uint16_t value = static_cast<uint16_t>(padding_value);
  for (; begin != end; begin += eonc_depthwise_column_words) {
    uint16_t *row = static_cast<uint16_t *>(static_cast<void *>(begin));
    for (uint32_t rows = outside; rows != 0u; rows >>= 1, ++row) {
      if ((rows & 1u) != 0u) {
        row[0] = value;
        row[4] = value;
        row[8] = value;
        row[12] = value;
      }
    }
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
  int32_t from = first < 0 ? -first : 0;
  int32_t to = w.input_width - first < all ? w.input_width - first : all;
  if (from >= to || rows.taps.from >= rows.taps.to) { /* nothing but padding */
    from = all;
    to = all;
  }
  eonc_depthwise_columns found;
  found.begin = columns + eonc_depthwise_column_words * from;
  found.end = columns + eonc_depthwise_column_words * to;
  eonc_depthwise_pad(columns, found.begin, 7, p.padding_value);
  eonc_depthwise_pad(found.end, columns + eonc_depthwise_column_words * all, 7, p.padding_value);
  const int8_t *row = rows.data + (first + from) * w.input_channels;
  found.outside = 7;
  for (int32_t ky = 0; ky < 3; ++ky) {
    found.rows[ky] = row;
    if (ky >= rows.taps.from && ky < rows.taps.to) {
      found.outside ^= 1u << ky;
      row = ky + 1 < rows.taps.to ? eonc_next_row(rows, row) : row;
    }
  }
  return found;
}

/**
 * One output row of DEPTHWISE_CONV_2D: writes output_width * output_channels elements. It is there once, whatever cores
 * a network has, and `eonc stack` knows by its name that it calls nothing but cores by their address.
 */
__attribute__((noinline, unused)) static void eonc_depthwise_conv_2d_s8_dsp_columns_row(
    const eonc_depthwise_conv_2d_s8_dsp_columns_params &p, const eonc_rows<int8_t> &rows, uint32_t *scratch,
    int8_t *output) {
  const eonc_window &w = p.window;
  const int32_t channels = w.output_channels;
  const int32_t last = w.output_width - p.outputs;
  for (int32_t x = 0; x < w.output_width; x += p.outputs) {
    const int32_t first = x < last ? x : last; /* the last ones may be made twice, and so may channels */
    const eonc_depthwise_columns found = eonc_depthwise_find(p, rows, first, scratch);
    for (int32_t next = 0; next < channels; next += 4) {
      const int32_t channel = next < channels - 4 ? next : channels - 4;
      const int32_t *const stream = p.stream + p.channel_words * channel;
      if (found.begin != found.end) {
        EONC_SYMBOL(depthwise_conv_2d_s8_dsp_columns)
        (found.rows[0] + channel, found.rows[1] + channel, found.rows[2] + channel, channels, found.begin, found.end);
      }
      if (found.outside != 0u) {
        eonc_depthwise_pad(found.begin, found.end, found.outside, p.padding_value);
      }
      p.core(scratch, stream, stream + 4 * p.channel_words, output + first * channels + channel, channels, p.odd);
    }
  }
  eonc_limit_dsp(output, w.output_width * channels, p.clamp_min, p.clamp_max);
}

/** DEPTHWISE_CONV_2D on int8, NHWC: all output rows, one after the other. */
static inline void eonc_depthwise_conv_2d_s8_dsp_columns(const eonc_depthwise_conv_2d_s8_dsp_columns_params &p,
                                                         const int8_t *input, uint32_t *scratch, int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_depthwise_conv_2d_s8_dsp_columns_row(p, eonc_window_rows(w, input, 0, y), scratch, output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
