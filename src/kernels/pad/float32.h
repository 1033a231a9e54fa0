#pragma once
#include "../common/padding.h"

/** Parameters of PAD and PADV2 on float32. */
struct eonc_pad_f32_params {
  eonc_padding padding;
  float value; /* of the padding */
};

/** PAD and PADV2 on float32. */
static inline void eonc_pad_f32(const eonc_pad_f32_params &p, const float *input, float *output) {
  eonc_pad(p.padding, p.value, input, output);
}
