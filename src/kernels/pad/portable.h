#pragma once
#include "../common/padding.h"

/** Parameters of PAD and PADV2 on int8. */
struct eonc_pad_s8_params {
  eonc_padding padding;
  int8_t value; /* of the padding */
};

/** PAD and PADV2 on int8. */
static inline void eonc_pad_s8(const eonc_pad_s8_params &p, const int8_t *input, int8_t *output) {
  eonc_pad(p.padding, p.value, input, output);
}
