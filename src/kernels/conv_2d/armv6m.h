#pragma once
#include "../common/armv6m_dot.h"

extern "C" {
void EONC_SYMBOL(conv_2d_s8_armv6m_pair)(const uint32_t *window, const uint32_t *end, const int32_t *stream,
                                         int32_t channels, int8_t *output, int32_t distance, eonc_scale_armv6m scale);
}

/** Parameters of CONV_2D on int8 for the kernel set `armv6m`. */
struct eonc_conv_2d_s8_armv6m_params {
  const int32_t *stream; /* in blocks of 2 output channels: see README.md */
  eonc_window window;
  int32_t window_words;  /* words of two inputs that a window takes */
  int16_t padding_value; /* what padded taps read: the input zero point */
  int16_t clamp_min;
  int16_t clamp_max;
  int8_t scaling; /* how the sums are scaled */
  int8_t wide;    /* 1 when weights take two bytes */
};

/** Gathers a run of `count` inputs of which those between `from` and `to` lie inside, from `input` on. */
static inline void eonc_gather_padded(eonc_gather_armv6m &gather, const int8_t *input, int32_t from, int32_t to,
                                      int32_t count, int32_t padding_value) {
  const uint32_t padding = static_cast<uint32_t>(padding_value) * 0x10001u;
  int32_t at = 0;
  for (; at + 4 <= count; at += 4) {
    if (at >= from && at + 4 <= to) {
      eonc_gather_run(gather, input + at - from, 4);
      continue;
    }
    uint32_t words[2] = {padding, padding};
    for (int32_t i = at < from ? from : at; i < to && i < at + 4; ++i) {
      const uint32_t change = static_cast<uint32_t>(input[i - from] - padding_value);
      words[i & 1] += (i & 2) != 0 ? change << 16 : change;
    }
    gather.groups[0] = words[0];
    gather.groups[gather.step] = words[1];
    gather.groups += 2 * gather.step;
  }
  for (; at < count; ++at) {
    eonc_gather_one(gather, at >= from && at < to ? input[at - from] : padding_value);
  }
}

/** Gathers one row of a window of which not all taps lie inside, or whose taps do not lie side by side. */
__attribute__((noinline, unused)) static void eonc_gather_row(eonc_gather_armv6m &gather,
                                                              const eonc_conv_2d_s8_armv6m_params &p, eonc_taps columns,
                                                              const int8_t *row) {
  const eonc_window &w = p.window;
  const int32_t depth = w.input_channels;
  if (w.dilation_width == 1) {
    eonc_gather_padded(gather, row, columns.from * depth, columns.to * depth, w.filter_width * depth, p.padding_value);
    return;
  }
  for (int32_t kx = 0; kx < w.filter_width; ++kx) {
    const bool inside = kx >= columns.from && kx < columns.to;
    eonc_gather_padded(gather, row, 0, inside ? depth : 0, depth, p.padding_value);
    row += inside ? w.dilation_width * depth : 0;
  }
}

/** Gathers the window whose first column is `first` into words that are `step` apart. */
__attribute__((noinline, unused)) static void eonc_gather_window(const eonc_conv_2d_s8_armv6m_params &p,
                                                                 const eonc_rows<int8_t> &rows, int32_t first,
                                                                 uint32_t *words, int32_t step) {
  const eonc_window &w = p.window;
  const int32_t depth = w.input_channels;
  const bool joined = w.dilation_width == 1; /* taps that follow one another lie side by side */
  const int32_t run = joined ? w.filter_width * depth : depth;
  const int32_t runs = joined ? w.filter_height : w.filter_height * w.filter_width;
  const eonc_taps columns = eonc_valid_taps(first, w.dilation_width, w.filter_width, w.input_width);
  const eonc_taps outside = {0, 0};
  const int8_t *row = rows.data + eonc_first_position(first, w.dilation_width, columns) * depth;
  eonc_gather_armv6m gather = {words, words + runs * (run >> 2) * 2 * step, step, false};
  for (int32_t ky = 0; ky < rows.taps.from; ++ky) {
    eonc_gather_row(gather, p, outside, row);
  }
  const bool whole = joined && columns.to - columns.from == w.filter_width;
  int32_t left = rows.taps.to - rows.taps.from;
  if (whole && run % 4 == 0 && left > 0) {
    gather.groups =
        EONC_SYMBOL(armv6m_widen)(gather.groups, row, run >> 2, 4 * step, left, rows.distance, rows.end, rows.ring);
    left = 0;
  }
  for (; left > 0; --left, row = eonc_next_row(rows, row)) {
    if (whole) {
      eonc_gather_run(gather, row, run);
    } else {
      eonc_gather_row(gather, p, columns, row);
    }
  }
  for (int32_t ky = rows.taps.to; ky < w.filter_height; ++ky) {
    eonc_gather_row(gather, p, outside, row);
  }
}

/** The outputs of a pair of pixels, or of a single one, whose windows are in `scratch`. */
static inline void eonc_conv_2d_s8_armv6m_outputs(const eonc_conv_2d_s8_armv6m_params &p, const uint32_t *scratch,
                                                  bool pair, eonc_scale_armv6m scale, int8_t *output) {
  const uint32_t *const end = scratch + (pair ? 2 : 1) * p.window_words;
  const int32_t channels = p.window.output_channels;
  if (pair) {
    EONC_SYMBOL(conv_2d_s8_armv6m_pair)(scratch, end, p.stream, channels, output, channels, scale);
  } else if (p.wide != 0) {
    EONC_SYMBOL(armv6m_outputs_wide)(scratch, end, p.stream, channels, output, scale);
  } else {
    EONC_SYMBOL(armv6m_outputs)(scratch, end, p.stream, channels, output, scale);
  }
}

/** One output row of CONV_2D: writes output_width * output_channels elements. */
static inline void eonc_conv_2d_s8_armv6m_row(const eonc_conv_2d_s8_armv6m_params &p, const eonc_rows<int8_t> &rows,
                                              uint32_t *scratch, int8_t *output) {
  const eonc_window &w = p.window;
  const eonc_scale_armv6m scale = eonc_scaling_armv6m(p.scaling);
  int8_t *outputs = output;
  int32_t first = -w.padding_left;
  for (int32_t x = 0; x < w.output_width;) {
    const bool pair = p.wide == 0 && x + 1 < w.output_width;
    const int32_t pixels = pair ? 2 : 1;
    for (int32_t i = 0; i < pixels; ++i, first += w.stride_width) {
      eonc_gather_window(p, rows, first, scratch + i, pixels);
    }
    eonc_conv_2d_s8_armv6m_outputs(p, scratch, pair, scale, outputs);
    outputs += pixels * w.output_channels;
    x += pixels;
  }
  eonc_limit_armv6m(output, w.output_width * w.output_channels, p.clamp_min, p.clamp_max);
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
