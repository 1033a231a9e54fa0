#pragma once
#include "../common/dsp.h"

extern "C" {
void EONC_SYMBOL(depthwise_conv_2d_s8_dsp_pair_linear)(const int8_t *const *taps, const int8_t *const *end,
                                                       const int32_t *stream, int32_t blocks, int8_t *output,
                                                       int32_t distance);
void EONC_SYMBOL(depthwise_conv_2d_s8_dsp_pair_relu)(const int8_t *const *taps, const int8_t *const *end,
                                                     const int32_t *stream, int32_t blocks, int8_t *output,
                                                     int32_t distance);
void EONC_SYMBOL(depthwise_conv_2d_s8_dsp_single_linear)(const int8_t *const *taps, const int8_t *const *end,
                                                         const int32_t *stream, int32_t blocks, int8_t *output);
void EONC_SYMBOL(depthwise_conv_2d_s8_dsp_single_relu)(const int8_t *const *taps, const int8_t *const *end,
                                                       const int32_t *stream, int32_t blocks, int8_t *output);
}

/** Parameters of DEPTHWISE_CONV_2D on int8 for the kernel set `dsp`: each channel from the same one of the input. */
struct eonc_depthwise_conv_2d_s8_dsp_params {
  const int32_t *stream; /* in blocks of 4 channels: see README.md */
  const int8_t *padding; /* what taps in the padding read: the input zero point, for each channel */
  eonc_window window;
  int32_t taps; /* of a window, filled up to a multiple of 3 */
  int16_t clamp_min;
  int16_t clamp_max;
  int16_t relu; /* 1 when what is below the output zero point is cut off */
};

/** Lets all taps of a pixel be in the padding; what fills up the last three, whose weights are zero, stays there. */
static inline void eonc_depthwise_clear(const eonc_depthwise_conv_2d_s8_dsp_params &p, const int8_t **taps) {
  for (const int8_t **const end = taps + 2 * p.taps; taps != end; taps += 2) {
    *taps = p.padding;
  }
}

/**
 * Writes the taps of a window that lie inside, those of the given columns; `row` is the first one. With a `distance`,
 * the other pixel of the pair has its taps so many elements further, and they are written too.
 */
__attribute__((noinline, unused)) static void eonc_depthwise_put(const eonc_depthwise_conv_2d_s8_dsp_params &p,
                                                                 const eonc_rows<int8_t> &rows, eonc_taps columns,
                                                                 const int8_t *row, int32_t distance,
                                                                 const int8_t **taps) {
  const eonc_window &w = p.window;
  const int32_t step = w.dilation_width * w.input_channels;
  taps += 2 * (rows.taps.from * w.filter_width + columns.from);
  for (int32_t left = rows.taps.to - rows.taps.from; left > 0; --left) {
    const int8_t *tap = row;
    const int8_t **next = taps;
    for (const int8_t **const end = taps + 2 * (columns.to - columns.from); next != end; next += 2) {
      next[0] = tap;
      if (distance != 0) {
        next[1] = tap + distance;
      }
      tap += step;
    }
    taps += 2 * w.filter_width;
    row = eonc_next_row(rows, row);
  }
}

/**
 * Finds the taps of the window whose first column is `first`, or of it and the one behind it, whose taps lie in
 * between. `taps` was cleared, or holds those of a window on the same rows.
 */
static inline void eonc_depthwise_taps(const eonc_depthwise_conv_2d_s8_dsp_params &p, const eonc_rows<int8_t> &rows,
                                       int32_t first, bool pair, const int8_t **taps) {
  const eonc_window &w = p.window;
  const int32_t last = first + (pair ? w.stride_width : 0);
  if (first >= 0 && last + (w.filter_width - 1) * w.dilation_width < w.input_width) {
    const eonc_taps all = {0, w.filter_width};
    const int32_t distance = (last - first) * w.input_channels;
    eonc_depthwise_put(p, rows, all, rows.data + first * w.input_channels, distance, taps);
    return;
  }
  for (; first <= last; first += w.stride_width, ++taps) {
    const eonc_taps columns = eonc_valid_taps(first, w.dilation_width, w.filter_width, w.input_width);
    eonc_depthwise_clear(p, taps);
    if (columns.from < columns.to) {
      const int8_t *const row = rows.data + (first + columns.from * w.dilation_width) * w.input_channels;
      eonc_depthwise_put(p, rows, columns, row, 0, taps);
    }
  }
}

/** The channels behind the last block of 4, of one pixel. */
static inline void eonc_depthwise_conv_2d_s8_dsp_rest(const eonc_depthwise_conv_2d_s8_dsp_params &p,
                                                      const int8_t *const *taps, int8_t *output) {
  const int32_t channels = p.window.output_channels;
  const int32_t first = channels - channels % 4;
  const int32_t *const sums = p.stream + first / 4 * (p.taps + 16);
  const int8_t *const weights = static_cast<const int8_t *>(static_cast<const void *>(sums + 4));
  for (int32_t i = 0; i < channels - first; ++i) {
    uint32_t sum = static_cast<uint32_t>(sums[i]);
    for (int32_t tap = 0; tap < p.taps; ++tap) {
      sum = eonc_multiply_add(sum, taps[2 * tap][first + i], weights[4 * tap + i]);
    }
    output[first + i] = eonc_scaled_dsp(static_cast<int32_t>(sum << 1), sums + 4 + p.taps + 3 * i);
  }
}

/** The outputs of a pair of pixels, or of a single one, whose taps are in `taps`. */
static inline void eonc_depthwise_conv_2d_s8_dsp_outputs(const eonc_depthwise_conv_2d_s8_dsp_params &p,
                                                         const int8_t **taps, bool pair, int8_t *output) {
  const int32_t channels = p.window.output_channels;
  const int32_t blocks = channels / 4;
  const int8_t **const end = taps + 2 * p.taps;
  const bool relu = p.relu != 0;
  if (blocks > 0 && pair && relu) {
    EONC_SYMBOL(depthwise_conv_2d_s8_dsp_pair_relu)(taps, end, p.stream, blocks, output, channels);
  } else if (blocks > 0 && pair) {
    EONC_SYMBOL(depthwise_conv_2d_s8_dsp_pair_linear)(taps, end, p.stream, blocks, output, channels);
  } else if (blocks > 0 && relu) {
    EONC_SYMBOL(depthwise_conv_2d_s8_dsp_single_relu)(taps, end, p.stream, blocks, output);
  } else if (blocks > 0) {
    EONC_SYMBOL(depthwise_conv_2d_s8_dsp_single_linear)(taps, end, p.stream, blocks, output);
  }
  if (channels % 4 != 0) {
    eonc_depthwise_conv_2d_s8_dsp_rest(p, taps, output);
    if (pair) {
      eonc_depthwise_conv_2d_s8_dsp_rest(p, taps + 1, output + channels);
    }
  }
}

/** One output row of DEPTHWISE_CONV_2D: writes output_width * output_channels elements. */
static inline void eonc_depthwise_conv_2d_s8_dsp_row(const eonc_depthwise_conv_2d_s8_dsp_params &p,
                                                     const eonc_rows<int8_t> &rows, uint32_t *scratch, int8_t *output) {
  const eonc_window &w = p.window;
  const int8_t **const taps = static_cast<const int8_t **>(static_cast<void *>(scratch));
  int8_t *outputs = output;
  eonc_depthwise_clear(p, taps);
  eonc_depthwise_clear(p, taps + 1);
  int32_t first = -w.padding_left;
  for (int32_t x = 0; x < w.output_width; x += 2, outputs += 2 * w.output_channels) {
    const bool pair = x + 1 < w.output_width;
    eonc_depthwise_taps(p, rows, first, pair, taps);
    first += 2 * w.stride_width;
    eonc_depthwise_conv_2d_s8_dsp_outputs(p, taps, pair, outputs);
  }
  eonc_limit_dsp(output, w.output_width * w.output_channels, p.clamp_min, p.clamp_max);
}

/** DEPTHWISE_CONV_2D on int8, NHWC: all output rows, one after the other. */
static inline void eonc_depthwise_conv_2d_s8_dsp(const eonc_depthwise_conv_2d_s8_dsp_params &p, const int8_t *input,
                                                 uint32_t *scratch, int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_depthwise_conv_2d_s8_dsp_row(p, eonc_window_rows(w, input, 0, y), scratch, output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
