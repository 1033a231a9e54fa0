#pragma once
#include "../common/armv6m.h"

/** Where a tap lies for either pixel of a pair, and its weights: first channels. */
struct eonc_tap_armv6m {
  const int8_t *inputs[2];
  const int8_t *weights;
};

extern "C" {
void EONC_SYMBOL(depthwise_conv_2d_s8_armv6m_pair)(const eonc_tap_armv6m *taps, const eonc_tap_armv6m *end,
                                                   const int32_t *scales, int32_t channels, int8_t *output,
                                                   int32_t distance, eonc_scale_armv6m *scale);
void EONC_SYMBOL(depthwise_conv_2d_s8_armv6m_single)(const eonc_tap_armv6m *taps, const eonc_tap_armv6m *end,
                                                     const int32_t *scales, int32_t channels, int8_t *output,
                                                     int32_t distance, eonc_scale_armv6m *scale);
}

/** Parameters of DEPTHWISE_CONV_2D on int8 for the kernel set `armv6m`: each channel from the same one of the input. */
struct eonc_depthwise_conv_2d_s8_armv6m_params {
  const int8_t *weights;    /* [taps][output_channels] */
  const int32_t *scales;    /* bias and scale of each channel: see README.md */
  eonc_scale_armv6m *scale; /* how the sums are scaled */
  const int8_t *padding;    /* what taps in the padding read: the input zero point, for each channel */
  eonc_window window;
  int32_t taps; /* of a window, filled up to a multiple of 3 */
  int16_t clamp_min;
  int16_t clamp_max;
};

/** Lets all taps of a pixel be in the padding; what fills up the last three, whose weights are zero, stays there. */
static inline void eonc_depthwise_clear(const eonc_depthwise_conv_2d_s8_armv6m_params &p, eonc_tap_armv6m *taps,
                                        int32_t pixel) {
  for (const eonc_tap_armv6m *const end = taps + p.taps; taps != end; ++taps) {
    taps->inputs[pixel] = p.padding;
  }
}

/**
 * Writes the taps of a window that lie inside, those of the given columns; `row` is the first one. Those of the second
 * pixel of a pair lie `distance` elements further.
 */
__attribute__((noinline, unused)) static void eonc_depthwise_put(const eonc_depthwise_conv_2d_s8_armv6m_params &p,
                                                                 const eonc_rows<int8_t> &rows, eonc_taps columns,
                                                                 const int8_t *row, int32_t distance,
                                                                 eonc_tap_armv6m *taps, int32_t pixel) {
  const eonc_window &w = p.window;
  const int32_t step = w.dilation_width * w.input_channels;
  taps += rows.taps.from * w.filter_width + columns.from;
  for (int32_t left = rows.taps.to - rows.taps.from; left > 0; --left) {
    const int8_t *tap = row;
    eonc_tap_armv6m *next = taps;
    for (const eonc_tap_armv6m *const end = taps + (columns.to - columns.from); next != end; ++next, tap += step) {
      next->inputs[pixel] = tap;
      if (distance != 0) {
        next->inputs[1] = tap + distance;
      }
    }
    taps += w.filter_width;
    row = eonc_next_row(rows, row);
  }
}

/**
 * Finds the taps of the window whose first column is `first`, or of it and the one behind it. `taps` was cleared, or
 * holds those of windows on the same rows.
 */
static inline void eonc_depthwise_taps(const eonc_depthwise_conv_2d_s8_armv6m_params &p, const eonc_rows<int8_t> &rows,
                                       int32_t first, bool pair, eonc_tap_armv6m *taps) {
  const eonc_window &w = p.window;
  const int32_t last = first + (pair ? w.stride_width : 0);
  if (first >= 0 && last + (w.filter_width - 1) * w.dilation_width < w.input_width) {
    const eonc_taps all = {0, w.filter_width};
    const int32_t distance = (last - first) * w.input_channels;
    eonc_depthwise_put(p, rows, all, rows.data + first * w.input_channels, distance, taps, 0);
    return;
  }
  for (int32_t pixel = 0; first <= last; first += w.stride_width, ++pixel) {
    const eonc_taps columns = eonc_valid_taps(first, w.dilation_width, w.filter_width, w.input_width);
    eonc_depthwise_clear(p, taps, pixel);
    if (columns.from < columns.to) {
      const int8_t *const row = rows.data + (first + columns.from * w.dilation_width) * w.input_channels;
      eonc_depthwise_put(p, rows, columns, row, 0, taps, pixel);
    }
  }
}

/** One output row of DEPTHWISE_CONV_2D: writes output_width * output_channels elements. */
static inline void eonc_depthwise_conv_2d_s8_armv6m_row(const eonc_depthwise_conv_2d_s8_armv6m_params &p,
                                                        const eonc_rows<int8_t> &rows, uint32_t *scratch,
                                                        int8_t *output) {
  const eonc_window &w = p.window;
  const int32_t channels = w.output_channels;
  eonc_tap_armv6m *const taps = static_cast<eonc_tap_armv6m *>(static_cast<void *>(scratch));
  const eonc_tap_armv6m *const end = taps + p.taps;
  for (int32_t tap = 0; tap < p.taps; ++tap) {
    taps[tap].weights = p.weights + tap * channels;
  }
  eonc_depthwise_clear(p, taps, 0);
  eonc_depthwise_clear(p, taps, 1);
  int8_t *outputs = output;
  int32_t first = -w.padding_left;
  for (int32_t x = 0; x < w.output_width; x += 2, first += 2 * w.stride_width, outputs += 2 * channels) {
    const bool pair = x + 1 < w.output_width;
    eonc_depthwise_taps(p, rows, first, pair, taps);
    if (pair) {
      EONC_SYMBOL(depthwise_conv_2d_s8_armv6m_pair)(taps, end, p.scales, channels, outputs, channels, p.scale);
    } else {
      EONC_SYMBOL(depthwise_conv_2d_s8_armv6m_single)(taps, end, p.scales, channels, outputs, channels, p.scale);
    }
  }
  eonc_limit_armv6m(output, w.output_width * channels, p.clamp_min, p.clamp_max);
}

/** DEPTHWISE_CONV_2D on int8, NHWC: all output rows, one after the other. */
static inline void eonc_depthwise_conv_2d_s8_armv6m(const eonc_depthwise_conv_2d_s8_armv6m_params &p,
                                                    const int8_t *input, uint32_t *scratch, int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_depthwise_conv_2d_s8_armv6m_row(p, eonc_window_rows(w, input, 0, y), scratch, output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
