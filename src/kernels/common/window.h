#pragma once
/* Geometry of operators that slide a window over rows and columns of an NHWC tensor. */
#include <stdint.h>

#include "row.h"

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
 * The input rows that one output row needs: a row for each tap along the height that is not in the padding. They lie in
 * a tensor that is held whole, or in a ring of rows.
 */
template <typename Element>
struct eonc_rows {
  const Element *data; /* row of tap `taps.from` */
  const Element *end;  /* one past the last row in memory */
  int32_t distance;    /* elements from the row of one tap to that of the next */
  int32_t ring;        /* elements of the ring, 0 for a tensor that is held whole */
  eonc_taps taps;
};

/** From a place in the row of one tap to the same place in that of the next. */
template <typename Element>
static inline const Element *eonc_next_row(const eonc_rows<Element> &rows, const Element *row) {
  row += rows.distance;
  return row >= rows.end ? row - rows.ring : row;
}

/** The input rows of output row `y`. `input` is one image, or a ring that holds its last `ring` rows (0: all). */
template <typename Element>
static inline eonc_rows<Element> eonc_window_rows(const eonc_window &window, const Element *input, int32_t ring,
                                                  int32_t y) {
  const int32_t first = y * window.stride_height - window.padding_top;
  const int32_t row = window.input_width * window.input_channels;
  eonc_rows<Element> rows;
  rows.taps = eonc_valid_taps(first, window.dilation_height, window.filter_height, window.input_height);
  rows.data = eonc_row(input, row, ring, eonc_first_position(first, window.dilation_height, rows.taps));
  rows.end = input + (ring == 0 ? window.input_height : ring) * row;
  rows.distance = window.dilation_height * row;
  rows.ring = ring * row;
  return rows;
}
