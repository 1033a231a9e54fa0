#pragma once
#include "../common/cmsis_nn.h"

/** Parameters of SOFTMAX by CMSIS-NN. */
struct eonc_softmax_s8_cmsis_nn_params {
  int32_t rows;           /* vectors */
  int32_t depth;          /* elements of a vector */
  int32_t multiplier;     /* of a difference to the maximum, with 5 integer bits */
  int32_t shift;          /* to the left */
  int32_t difference_min; /* smaller differences count as zero */
};

/** SOFTMAX on int8. Gives true: CMSIS-NN takes all that are compiled. */
static inline bool eonc_softmax_s8_cmsis_nn(const eonc_softmax_s8_cmsis_nn_params &p, const int8_t *input,
                                            int8_t *output) {
  arm_softmax_s8(input, p.rows, p.depth, p.multiplier, p.shift, p.difference_min, output);
  return true;
}
