#pragma once
/* CONCATENATION moves bytes, whatever the elements are. */
#include "../common/bytes.h"

/** Parameters of CONCATENATION: where one input goes in the output. */
struct eonc_concatenation_b8_params {
  int32_t blocks;      /* product of the extents before the axis */
  int32_t block_bytes; /* of the input: what follows without a break from the axis on */
  int32_t stride;      /* bytes of the output from one block to the next */
  int32_t offset;      /* bytes of the output before the first block */
};

/** CONCATENATION, one input of it: all blocks. `output` is the whole output. */
template <typename Input>
static inline void eonc_concatenation_b8(const eonc_concatenation_b8_params &p, Input input, void *output) {
  uint8_t *to = static_cast<uint8_t *>(output) + p.offset;
  for (int32_t block = 0; block < p.blocks; ++block, to += p.stride) {
    eonc_copy(to, input, block * p.block_bytes, p.block_bytes);
  }
}
