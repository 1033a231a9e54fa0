#pragma once
/* Geometry of operators that slide a window over rows and columns of an NHWC tensor. */
#include <stdint.h>

#include "piece.h"

/** Shapes, strides and padding of a window. Extents are in elements of their axis; padding is what lies before. */
struct eonc_window {
  int32_t batches;
  int32_t input_height;
  int32_t input_width;
  int32_t input_channels;
  int32_t output_height;
  int32_t output_width;
  int32_t output_channels;
  int32_t filter_height;
  int32_t filter_width;
  int32_t padding_top;
  int32_t padding_left;
  int16_t stride_height;
  int16_t stride_width;
  int16_t dilation_height;
  int16_t dilation_width;
};

/** The taps along one axis that lie inside the input: `from` up to, not including, `to`. */
struct eonc_taps {
  int32_t from;
  int32_t to;
};

/** Taps of a window that starts at input position `first` (negative inside the padding) and has `size` taps. */
static inline eonc_taps eonc_valid_taps(int32_t first, int32_t dilation, int32_t size, int32_t extent) {
  eonc_taps taps = {0, size};
  while (taps.from < size && first + taps.from * dilation < 0) {
    ++taps.from;
  }
  while (taps.to > taps.from && first + (taps.to - 1) * dilation >= extent) {
    --taps.to;
  }
  return taps;
}

/** Input position of the first tap inside; 0 when none is, as nothing is read then. */
static inline int32_t eonc_first_position(int32_t first, int32_t dilation, eonc_taps taps) {
  return taps.from < taps.to ? first + taps.from * dilation : 0;
}

/**
 * The input rows that a window needs: a row for each tap along the height that is not in the padding. They lie in a
 * tensor that is held whole, or in a ring. A ring of rows begins anew between two rows; one of pixels may do so
 * anywhere, and then rows are `torn`: what follows the end of the ring is at its begin.
 */
template <typename Element>
struct eonc_rows {
  const Element *data; /* row of tap `taps.from`; for a pixel, the first tap in it */
  const Element *end;  /* one past the last row or pixel in memory */
  int32_t distance;    /* elements from the row of one tap to that of the next */
  int32_t ring;        /* elements of the ring, 0 for a tensor that is held whole */
  eonc_taps taps;
};

/** What one output pixel needs of the input: rows, and the taps of each that lie inside it. */
template <typename Element>
struct eonc_pixel {
  eonc_rows<Element> rows;
  eonc_taps columns;
};

/** From a place in the row of one tap to the same place in that of the next. */
template <typename Element>
static inline const Element *eonc_next_row(const eonc_rows<Element> &rows, const Element *row) {
  row += rows.distance;
  return row >= rows.end ? row - rows.ring : row;
}

/** Whether the windows along a row that lies inside are single positions of the input, and none of them is padding. */
static inline bool eonc_is_pointwise(const eonc_window &w) {
  const bool reaches = w.output_width * w.stride_width < w.input_width + w.stride_width;
  return w.filter_height == 1 && w.filter_width == 1 && w.padding_left == 0 && reaches;
}

/** Taps of a window that follow one another in memory, a pixel apart, and how many times so many. */
struct eonc_runs {
  int32_t taps;
  int32_t count;
};

/** The runs of an undilated window: its rows, or one when it takes them whole and no end of a ring is between them. */
template <typename Element>
static inline eonc_runs eonc_window_runs(const eonc_rows<Element> &rows, eonc_taps columns, int32_t channels) {
  eonc_runs runs = {columns.to - columns.from, rows.taps.to - rows.taps.from};
  const int32_t elements = runs.taps * channels;
  if (elements == rows.distance && rows.end - rows.data >= runs.count * elements) {
    runs.taps *= runs.count;
    runs.count = 1;
  }
  return runs;
}

/** From a place in a row to the one `distance` elements further on in it. */
template <bool torn, typename Element>
static inline const Element *eonc_next_tap(const eonc_rows<Element> &rows, const Element *tap, int32_t distance) {
  tap += distance;
  return torn && tap >= rows.end ? tap - rows.ring : tap;
}

/** Whether the end of a ring lies between the taps of any row of a pixel's window. */
template <typename Element>
static inline bool eonc_is_torn(const eonc_window &window, const eonc_pixel<Element> &pixel) {
  const eonc_rows<Element> &rows = pixel.rows;
  const int32_t reach = (pixel.columns.to - pixel.columns.from - 1) * window.dilation_width * window.input_channels;
  const Element *row = rows.data;
  for (int32_t ky = rows.taps.from; ky < rows.taps.to; ++ky, row = eonc_next_row(rows, row)) {
    if (rows.end - row <= reach) {
      return true;
    }
  }
  return false;
}

/** The input rows of output row `y`. `input` is one image, or a ring that holds its last `ring` rows (0: all). */
template <typename Element>
static inline eonc_rows<Element> eonc_window_rows(const eonc_window &window, const Element *input, int32_t ring,
                                                  int32_t y) {
  const int32_t first = y * window.stride_height - window.padding_top;
  const int32_t row = window.input_width * window.input_channels;
  eonc_rows<Element> rows;
  rows.taps = eonc_valid_taps(first, window.dilation_height, window.filter_height, window.input_height);
  rows.data = eonc_piece(input, row, ring, eonc_first_position(first, window.dilation_height, rows.taps));
  rows.end = input + (ring == 0 ? window.input_height : ring) * row;
  rows.distance = window.dilation_height * row;
  rows.ring = ring * row;
  return rows;
}

/** What output pixel `n` needs. `input` is one image, or a ring that holds its last `ring` pixels (0: all). */
template <typename Element>
static inline eonc_pixel<Element> eonc_window_pixel(const eonc_window &window, const Element *input, int32_t ring,
                                                    int32_t n) {
  const int32_t y = eonc_quotient(n, window.output_width);
  const int32_t top = y * window.stride_height - window.padding_top;
  const int32_t left = (n - y * window.output_width) * window.stride_width - window.padding_left;
  eonc_pixel<Element> pixel;
  eonc_rows<Element> &rows = pixel.rows;
  rows.taps = eonc_valid_taps(top, window.dilation_height, window.filter_height, window.input_height);
  pixel.columns = eonc_valid_taps(left, window.dilation_width, window.filter_width, window.input_width);
  const int32_t first = eonc_first_position(top, window.dilation_height, rows.taps) * window.input_width +
                        eonc_first_position(left, window.dilation_width, pixel.columns);
  rows.data = eonc_piece(input, window.input_channels, ring, first);
  rows.end = input + (ring == 0 ? window.input_height * window.input_width : ring) * window.input_channels;
  rows.distance = window.dilation_height * window.input_width * window.input_channels;
  rows.ring = ring * window.input_channels;
  return pixel;
}
