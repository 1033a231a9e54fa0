#pragma once
#include "armv6m_gather.h"

extern "C" {
void EONC_SYMBOL(conv_2d_s8_armv6m_pair)(const uint32_t *window, const uint32_t *end, const int32_t *stream,
                                         int32_t channels, int8_t *output, int32_t distance, eonc_scale_armv6m *scale);
}

/** Parameters of CONV_2D on int8 for the kernel set `armv6m`. */
struct eonc_conv_2d_s8_armv6m_params {
  const int32_t *stream;    /* in blocks of 2 output channels: see README.md */
  eonc_scale_armv6m *scale; /* how the sums are scaled */
  eonc_window window;
  int32_t window_words;  /* words of two inputs that a window takes */
  int16_t padding_value; /* what padded taps read: the input zero point */
  int16_t clamp_min;
  int16_t clamp_max;
};

/** One output row of CONV_2D: writes output_width * output_channels elements. */
static inline void eonc_conv_2d_s8_armv6m_row(const eonc_conv_2d_s8_armv6m_params &p, const eonc_rows<int8_t> &rows,
                                              uint32_t *scratch, int8_t *output) {
  const eonc_window &w = p.window;
  const int32_t channels = w.output_channels;
  uint32_t *const end = scratch + p.window_words;
  int8_t *outputs = output;
  int32_t first = -w.padding_left;
  for (int32_t x = 1; x < w.output_width; x += 2, outputs += 2 * channels) {
    for (int32_t i = 0; i < 2; ++i, first += w.stride_width) {
      eonc_gather_window(w, p.padding_value, rows, first, scratch + i, 2);
    }
    EONC_SYMBOL(conv_2d_s8_armv6m_pair)(scratch, end + p.window_words, p.stream, channels, outputs, channels, p.scale);
  }
  if (w.output_width % 2 != 0) {
    eonc_gather_window(w, p.padding_value, rows, first, scratch, 1);
    EONC_SYMBOL(armv6m_outputs)(scratch, end, p.stream, channels, outputs, p.scale);
  }
  eonc_limit_armv6m(output, w.output_width * channels, p.clamp_min, p.clamp_max);
}

/** CONV_2D on int8, NHWC: all output rows, one after the other. */
static inline void eonc_conv_2d_s8_armv6m(const eonc_conv_2d_s8_armv6m_params &p, const int8_t *input,
                                          uint32_t *scratch, int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_conv_2d_s8_armv6m_row(p, eonc_window_rows(w, input, 0, y), scratch, output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
