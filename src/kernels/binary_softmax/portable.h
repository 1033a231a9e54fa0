#pragma once
#include <stdint.h>

#include "../common/rom.h"

/** Parameters of SOFTMAX over two elements on int8. */
struct eonc_binary_softmax_s8_params {
  eonc_rom<uint8_t> distances; /* how far apart results are, by how far apart elements are, in ROM */
  int32_t rows;                /* vectors */
  int32_t entries;             /* of distances; elements further apart have results as far apart as int8 can be */
};

/** SOFTMAX of two elements; input and output may be the same memory. */
static inline void eonc_binary_softmax_s8_row(const eonc_binary_softmax_s8_params &p, const int8_t *input,
                                              int8_t *output) {
  const int32_t difference = input[0] - input[1];
  const int32_t magnitude = difference < 0 ? -difference : difference;
  int32_t distance = magnitude < p.entries ? p.distances[magnitude] : 255;
  if (difference < 0) {
    distance = -distance;
  }
  output[0] = static_cast<int8_t>(distance >> 1);
  output[1] = static_cast<int8_t>(-distance >> 1);
}

/** SOFTMAX on int8 over a last dimension of two elements. */
static inline void eonc_binary_softmax_s8(const eonc_binary_softmax_s8_params &p, const int8_t *input, int8_t *output) {
  for (int32_t row = 0; row < p.rows; ++row, input += 2, output += 2) {
    eonc_binary_softmax_s8_row(p, input, output);
  }
}
