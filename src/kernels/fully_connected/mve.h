#pragma once
#include "../common/mve_blocks.h"

/** Parameters of FULLY_CONNECTED on int8 for the kernel set `mve`. */
struct eonc_fully_connected_s8_mve_params {
  const int32_t *stream; /* blocks of 4 outputs, then single ones: see README.md */
  eonc_blocks_mve blocks;
  int32_t rows; /* input vectors */
  int32_t relu; /* 1 when what is below the output zero point is cut off */
};

/** FULLY_CONNECTED on int8. */
static inline void eonc_fully_connected_s8_mve(const eonc_fully_connected_s8_mve_params &p, const int8_t *input,
                                               int8_t *output) {
  eonc_vectors_mve(p.blocks, p.stream, p.relu != 0, input, p.rows, output);
}
