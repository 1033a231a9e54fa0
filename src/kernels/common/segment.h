#pragma once
/* Some pixels of a sequence as a row of their own: how a cascade makes them by the kernels that make rows. */
#include <stdint.h>
#include <string.h>

#include "window.h"

/** A segment as a row: parameters whose window is that of its pixels alone, and the rows of input that these read. */
template <typename Params>
struct eonc_segment {
  Params params;
  eonc_rows<int8_t> rows;
};

/** Copies rows of `bytes` to `lines`, one behind the other, when a ring holds any of them in two pieces. */
static inline void eonc_join_rows(eonc_rows<int8_t> &rows, int32_t bytes, int8_t *lines) {
  const int32_t count = rows.taps.to - rows.taps.from;
  const int8_t *row = rows.data;
  bool torn = false;
  for (int32_t i = 0; i < count; ++i, row = eonc_next_row(rows, row)) {
    torn = torn || rows.end - row < bytes;
  }
  if (!torn) {
    return;
  }
  row = rows.data;
  for (int32_t i = 0; i < count; ++i, row = eonc_next_row(rows, row)) {
    const int32_t left = static_cast<int32_t>(rows.end - row);
    const int32_t head = left < bytes ? left : bytes;
    int8_t *const line = lines + i * bytes;
    memcpy(line, row, static_cast<size_t>(head));
    memcpy(line + head, row + head - rows.ring, static_cast<size_t>(bytes - head));
  }
  rows.data = lines;
  rows.end = lines + count * bytes;
  rows.distance = bytes;
  rows.ring = 0;
}

/**
 * Makes `window`, that of as many pixels as a segment has at most, the one of those from output pixel `n` on, and gives
 * the rows that they read. `input` is an image, or a ring that holds its last `ring` pixels (0: all); the widths are
 * those of the whole sequences. `lines` is room for rows that a ring holds in two pieces, null where it does not.
 */
__attribute__((noinline, unused)) static eonc_rows<int8_t> eonc_cut_segment(eonc_window &window, const int8_t *input,
                                                                            int32_t ring, int32_t n,
                                                                            int32_t input_width, int32_t output_width,
                                                                            int8_t *lines) {
  if (window.output_width > output_width - n) {
    window.output_width = output_width - n;
  }
  const int32_t first = n * window.stride_width - window.padding_left;
  const int32_t end =
      first + (window.output_width - 1) * window.stride_width + (window.filter_width - 1) * window.dilation_width + 1;
  const int32_t to = end < input_width ? end : input_width;
  const int32_t from = first < 0 ? 0 : first;
  window.padding_left = from - first;
  window.input_width = to > from ? to - from : 0;

  const int32_t depth = window.input_channels;
  eonc_rows<int8_t> rows;
  rows.taps = eonc_valid_taps(-window.padding_top, window.dilation_height, window.filter_height, window.input_height);
  const int32_t row = eonc_first_position(-window.padding_top, window.dilation_height, rows.taps);
  rows.data = eonc_piece(input, depth, ring, row * input_width + (to > from ? from : 0));
  rows.end = input + (ring == 0 ? window.input_height * input_width : ring) * depth;
  rows.distance = window.dilation_height * input_width * depth;
  rows.ring = ring * depth;
  if (ring != 0 && lines != nullptr) {
    eonc_join_rows(rows, window.input_width * depth, lines);
  }
  return rows;
}

/** Pixels of a sequence from output pixel `n` on, as many as the window of `params` has or are left, as a row. */
template <typename Params>
static inline eonc_segment<Params> eonc_window_segment(const Params &params, const int8_t *input, int32_t ring,
                                                       int32_t n, int32_t input_width, int32_t output_width,
                                                       int8_t *lines) {
  eonc_segment<Params> segment;
  segment.params = params;
  segment.rows = eonc_cut_segment(segment.params.window, input, ring, n, input_width, output_width, lines);
  return segment;
}
