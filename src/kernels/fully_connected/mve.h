#pragma once
#include "../common/mve_blocks.h"

/** Parameters of FULLY_CONNECTED on int8 for the kernel set `mve`. */
struct eonc_fully_connected_s8_mve_params {
  const int32_t *stream; /* blocks of 4 outputs, then single ones: see README.md */
  eonc_blocks_mve blocks;
  int32_t rows; /* input vectors */
  int32_t relu; /* 1 when what is below the output zero point is cut off */
};

/** FULLY_CONNECTED on int8: one vector after the other, as outputs may take the place of inputs that are done with. */
static inline void eonc_fully_connected_s8_mve(const eonc_fully_connected_s8_mve_params &p, const int8_t *input,
                                               int8_t *output) {
  for (int32_t row = 0; row < p.rows; ++row) {
    eonc_vectors_mve(p.blocks, p.stream, p.relu != 0, input, 1, output);
    input += p.blocks.input_step;
    output += p.blocks.output_step;
  }
}
