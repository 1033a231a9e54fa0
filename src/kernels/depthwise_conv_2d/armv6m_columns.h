#pragma once
#include "../common/armv6m.h"
#include "../common/edge.h"

/** An output row, as the cores read it by the places of its members; they count input and output up by a channel. */
struct eonc_columns_armv6m {
  const int8_t *input; /* first column that is not padding, of the first row that is none */
  int8_t *output;
  const int32_t *stream;
  const int32_t *end; /* of the stream */
  int32_t second; /* elements from the first row of the window to the second and to the third one; of a row in the */
  int32_t third;  /* padding, whose weights are left out, to any other one */
  int32_t channels;
  int32_t columns; /* elements of a row of the input from the first column on */
  int32_t outputs; /* elements of the output */
  int32_t left;    /* 1 when the first window begins in the padding, else 0 */
  int32_t edge;    /* an `eonc_edge` */
  int32_t padding_value;
};

/** Makes an output row. */
typedef void eonc_columns_row_armv6m(eonc_columns_armv6m *row);

extern "C" {
eonc_columns_row_armv6m EONC_SYMBOL(depthwise_conv_2d_s8_armv6m_columns_1_3_linear);
eonc_columns_row_armv6m EONC_SYMBOL(depthwise_conv_2d_s8_armv6m_columns_1_3_relu);
eonc_columns_row_armv6m EONC_SYMBOL(depthwise_conv_2d_s8_armv6m_columns_1_4_linear);
eonc_columns_row_armv6m EONC_SYMBOL(depthwise_conv_2d_s8_armv6m_columns_1_4_relu);
eonc_columns_row_armv6m EONC_SYMBOL(depthwise_conv_2d_s8_armv6m_columns_2_3_linear);
eonc_columns_row_armv6m EONC_SYMBOL(depthwise_conv_2d_s8_armv6m_columns_2_3_relu);
eonc_columns_row_armv6m EONC_SYMBOL(depthwise_conv_2d_s8_armv6m_columns_2_4_linear);
eonc_columns_row_armv6m EONC_SYMBOL(depthwise_conv_2d_s8_armv6m_columns_2_4_relu);
}

/**
 * Parameters of DEPTHWISE_CONV_2D on int8 for the kernel set `armv6m`, weights of two bytes, with filters of 3x3 that
 * move by one or two columns, each channel from the same one of the input. Every window takes two or three rows and
 * columns of the input.
 */
struct eonc_depthwise_conv_2d_s8_armv6m_columns_params {
  const int32_t *stream; /* channel by channel: see README.md */
  eonc_window window;
  int8_t padding_value; /* the input zero point */
  int8_t clamp_min;
  int8_t clamp_max;
};

/** Words of the stream that a channel takes. */
enum { eonc_columns_channel_words = 9 };

/** One output row of DEPTHWISE_CONV_2D, by the core `make`: writes output_width * output_channels elements. */
template <eonc_columns_row_armv6m make>
static inline void eonc_depthwise_conv_2d_s8_armv6m_columns_row(
    const eonc_depthwise_conv_2d_s8_armv6m_columns_params &p, const eonc_rows<int8_t> &rows, int8_t *output) {
  const eonc_window &w = p.window;
  const int32_t channels = w.output_channels;
  const int8_t *const next = eonc_next_row(rows, rows.data);
  eonc_columns_armv6m row = {};
  row.input = rows.data;
  row.output = output;
  row.stream = p.stream;
  row.end = p.stream + eonc_columns_channel_words * channels;
  const eonc_edge edge = eonc_edge_of(rows);
  row.edge = edge;
  const int32_t distance = static_cast<int32_t>(next - rows.data);
  row.second = edge == eonc_edge_above ? 0 : distance;
  row.third = edge == eonc_edge_above   ? distance
              : edge == eonc_edge_below ? 0
                                        : static_cast<int32_t>(eonc_next_row(rows, next) - rows.data);
  row.channels = channels;
  row.columns = w.input_width * channels;
  row.outputs = w.output_width * channels;
  row.left = w.padding_left;
  row.padding_value = p.padding_value;
  make(&row);
  eonc_limit_armv6m(output, row.outputs, p.clamp_min, p.clamp_max);
}

/** DEPTHWISE_CONV_2D on int8, NHWC: all output rows, one after the other. */
template <eonc_columns_row_armv6m make>
static inline void eonc_depthwise_conv_2d_s8_armv6m_columns(const eonc_depthwise_conv_2d_s8_armv6m_columns_params &p,
                                                            const int8_t *input, int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_depthwise_conv_2d_s8_armv6m_columns_row<make>(p, eonc_window_rows(w, input, 0, y), output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
