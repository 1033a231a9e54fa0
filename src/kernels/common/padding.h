#pragma once
/* PAD and PADV2 for any type of element: the output is written once, from its first element to its last. */
#include <stdint.h>
#include <string.h>

#include "rom.h"

/** Rows of the input within loops over outer dimensions, and the padding around them. Counts are in elements. */
struct eonc_padding {
  eonc_rom<int32_t> outer; /* [dimensions][2], innermost first: extent in the input, padding as its index restarts */
  int32_t dimensions;      /* outer ones, 1 to 4 */
  int32_t rows;            /* product of their extents */
  int32_t row;             /* of the input */
  int32_t left;            /* padding before each row */
  int32_t right;           /* padding behind each row */
  int32_t before;          /* padding before the first row's `left` */
  int32_t after;           /* padding behind the last row's `right` */
};

/** Writes `count` times the same value; gives the end. */
template <typename Element>
static inline Element *eonc_fill(Element *output, int32_t count, Element value) {
  for (int32_t i = 0; i < count; ++i) {
    *output++ = value;
  }
  return output;
}

/** One row with its padding: writes left + row + right elements and gives their end. */
template <typename Element>
static inline Element *eonc_pad_row(const eonc_padding &padding, Element value, const Element *input, Element *output) {
  output = eonc_fill(output, padding.left, value);
  memcpy(output, input, static_cast<size_t>(padding.row) * sizeof(Element));
  return eonc_fill(output + padding.row, padding.right, value);
}

/** All rows, and the padding between them. */
template <typename Element>
static inline void eonc_pad(const eonc_padding &padding, Element value, const Element *input, Element *output) {
  int32_t index[4] = {0, 0, 0, 0};
  output = eonc_fill(output, padding.before, value);
  for (int32_t row = 1; row <= padding.rows; ++row, input += padding.row) {
    output = eonc_pad_row(padding, value, input, output);
    int32_t gap = 0;
    for (int32_t i = 0; i < padding.dimensions && ++index[i] == padding.outer[2 * i]; ++i) {
      index[i] = 0;
      gap += padding.outer[2 * i + 1];
    }
    output = eonc_fill(output, row < padding.rows ? gap : padding.after, value);
  }
}
