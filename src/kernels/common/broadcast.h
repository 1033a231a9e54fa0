#pragma once
/* Geometry of operators that combine two tensors element by element and stretch extents of 1 to those of the other. */
#include <stdint.h>

#include "rom.h"

/** Rows of the output in loops over outer dimensions; in both inputs a row is stretched, or lies element by element. */
struct eonc_broadcast {
  eonc_rom<int32_t> outer; /* [dimensions][3], innermost first: extent, and how far that index moves on input 1 and 2 */
  int32_t dimensions;      /* outer ones, 1 to 5 */
  int32_t rows;            /* product of their extents */
  int32_t row;             /* elements of a row of the output */
  int16_t step_1;          /* from one element of a row to the next in input 1: 1, or 0 where one stands for all */
  int16_t step_2;          /* the same in input 2 */
};

/** Where a row begins in both inputs, with the outer indices that lead there. All zero for the first row. */
struct eonc_broadcast_position {
  int32_t input_1;
  int32_t input_2;
  int32_t index[5];
};

/** Moves on to the next row. An index that starts again has its way back counted in the one outside it. */
static inline void eonc_broadcast_next(const eonc_broadcast &broadcast, eonc_broadcast_position &position) {
  eonc_rom<int32_t> outer = broadcast.outer;
  for (int32_t i = 0; i < broadcast.dimensions; ++i, outer += 3) {
    position.input_1 += outer[1];
    position.input_2 += outer[2];
    if (++position.index[i] < outer[0]) {
      return;
    }
    position.index[i] = 0;
  }
}
