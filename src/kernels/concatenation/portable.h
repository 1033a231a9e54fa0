#pragma once
/* CONCATENATION moves bytes, whatever the elements are. */
#include <stdint.h>
#include <string.h>

/** Parameters of CONCATENATION: where one input goes in the output. */
struct eonc_concatenation_b8_params {
  int32_t blocks;      /* product of the extents before the axis */
  int32_t block_bytes; /* of the input: what follows without a break from the axis on */
  int32_t stride;      /* bytes of the output from one block to the next */
  int32_t offset;      /* bytes of the output before the first block */
};

/** One block of one input. */
static inline void eonc_concatenation_b8_row(const eonc_concatenation_b8_params &p, const uint8_t *input,
                                             uint8_t *output) {
  memcpy(output, input, static_cast<size_t>(p.block_bytes));
}

/** CONCATENATION, one input of it: all blocks. `output` is the whole output. */
static inline void eonc_concatenation_b8(const eonc_concatenation_b8_params &p, const void *input, void *output) {
  const uint8_t *from = static_cast<const uint8_t *>(input);
  uint8_t *to = static_cast<uint8_t *>(output) + p.offset;
  for (int32_t block = 0; block < p.blocks; ++block, from += p.block_bytes, to += p.stride) {
    eonc_concatenation_b8_row(p, from, to);
  }
}
