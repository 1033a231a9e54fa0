#pragma once
#include "armv6m_gather.h"

extern "C" {
void EONC_SYMBOL(conv_2d_s8_armv6m_wide_rows)(const uint32_t *words, const uint32_t *end, const int32_t *stream,
                                              int32_t channels, int8_t *output, eonc_scale_armv6m *scale,
                                              int32_t distance, const uint32_t *last);
}

/** Parameters of CONV_2D on int8 for the kernel set `armv6m`, weights of two bytes. */
struct eonc_conv_2d_s8_armv6m_wide_params {
  const int32_t *stream;    /* in blocks of 2 output channels: see README.md */
  eonc_scale_armv6m *scale; /* how the sums are scaled */
  eonc_window window;
  int32_t window_words;  /* words of two inputs that a window takes */
  int32_t row_words;     /* words of all windows along a row; 0 where each is gathered by itself */
  int16_t padding_value; /* what padded taps read: the input zero point */
  int16_t clamp_min;
  int16_t clamp_max;
};

/** Puts all inputs that the windows along a row read into words of two, padding included. */
static inline void eonc_widen_row(const eonc_conv_2d_s8_armv6m_wide_params &p, const int8_t *row, uint32_t *words) {
  const eonc_window &w = p.window;
  const int32_t inputs = w.input_width * w.input_channels;
  int32_t at = -w.padding_left * w.input_channels;
  for (const uint32_t *const end = words + p.row_words; words != end; ++words, at += 2) {
    const int32_t low = at >= 0 && at < inputs ? row[at] : p.padding_value;
    const int32_t high = at + 1 >= 0 && at + 1 < inputs ? row[at + 1] : p.padding_value;
    *words = static_cast<uint32_t>(low) + (static_cast<uint32_t>(high) << 16);
  }
}

/** The outputs of a row whose windows overlap, and are not gathered one by one. */
__attribute__((noinline, unused)) static void eonc_conv_2d_s8_armv6m_wide_overlapping(
    const eonc_conv_2d_s8_armv6m_wide_params &p, const eonc_rows<int8_t> &rows, uint32_t *scratch, int8_t *output) {
  const eonc_window &w = p.window;
  const int8_t *row = rows.data;
  for (int32_t ky = 0; ky < w.filter_height; ++ky) {
    uint32_t *const words = scratch + ky * p.row_words;
    if (ky >= rows.taps.from && ky < rows.taps.to) {
      eonc_widen_row(p, row, words);
      row = eonc_next_row(rows, row);
    } else {
      for (int32_t i = 0; i < p.row_words; ++i) {
        words[i] = static_cast<uint32_t>(static_cast<int32_t>(p.padding_value)) * 0x10001u;
      }
    }
  }
  const int32_t run = w.filter_width * w.input_channels / 2;
  const uint32_t *words = scratch;
  for (int32_t x = 0; x < w.output_width; ++x, output += w.output_channels) {
    const uint32_t *const end = words + run;
    EONC_SYMBOL(conv_2d_s8_armv6m_wide_rows)
    (words, end, p.stream, w.output_channels, output, p.scale, 4 * p.row_words,
     end + (w.filter_height - 1) * p.row_words);
    words += w.stride_width * w.input_channels / 2;
  }
}

/** One output row of CONV_2D: writes output_width * output_channels elements. */
static inline void eonc_conv_2d_s8_armv6m_wide_row(const eonc_conv_2d_s8_armv6m_wide_params &p,
                                                   const eonc_rows<int8_t> &rows, uint32_t *scratch, int8_t *output) {
  const eonc_window &w = p.window;
  const int32_t channels = w.output_channels;
  if (p.row_words > 0) {
    eonc_conv_2d_s8_armv6m_wide_overlapping(p, rows, scratch, output);
  } else {
    const int32_t depth = w.input_channels;
    const bool pointwise = eonc_is_pointwise(w) && rows.taps.from < rows.taps.to && depth % 4 == 0;
    int8_t *outputs = output;
    int32_t first = -w.padding_left;
    for (int32_t x = 0; x < w.output_width; ++x, first += w.stride_width, outputs += channels) {
      if (pointwise) {
        const int8_t *const input = rows.data + first * depth;
        EONC_SYMBOL(armv6m_widen)(scratch, input, depth >> 2, 4, 1, 0, rows.end, 0);
      } else {
        eonc_gather_window(w, p.padding_value, rows, first, scratch, 1);
      }
      EONC_SYMBOL(armv6m_outputs_wide)(scratch, scratch + p.window_words, p.stream, channels, outputs, p.scale);
    }
  }
  eonc_limit_armv6m(output, w.output_width * channels, p.clamp_min, p.clamp_max);
}

/** CONV_2D on int8, NHWC: all output rows, one after the other. */
static inline void eonc_conv_2d_s8_armv6m_wide(const eonc_conv_2d_s8_armv6m_wide_params &p, const int8_t *input,
                                               uint32_t *scratch, int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_conv_2d_s8_armv6m_wide_row(p, eonc_window_rows(w, input, 0, y), scratch, output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
