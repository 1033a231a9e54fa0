#pragma once
#include "../common/integer.h"
#include "../common/reduction.h"

/** Parameters of MEAN on int8. */
struct eonc_mean_s8_params {
  eonc_reduction reduction;
  int32_t sum_offset; /* -input zero point * elements of a mean, modulo 2^32 */
  int32_t multiplier; /* with the division by the number of elements in it */
  int16_t output_zero_point;
  int8_t shift;
};

/** The means along the innermost kept dimension: writes kept_extent_2 elements. */
static inline void eonc_mean_s8_row(const eonc_mean_s8_params &p, const int8_t *input, int8_t *output) {
  const eonc_reduction &r = p.reduction;
  for (int32_t i = 0; i < r.kept_extent_2; ++i, input += r.kept_stride_2) {
    const uint32_t sum = eonc_reduced_sum<uint32_t>(r, input) + static_cast<uint32_t>(p.sum_offset);
    const int32_t scaled = eonc_requantize(static_cast<int32_t>(sum), p.multiplier, p.shift);
    output[i] = eonc_clamp_s8(eonc_wrapping_add(scaled, p.output_zero_point), -128, 127);
  }
}

/** MEAN on int8: all kept dimensions. */
static inline void eonc_mean_s8(const eonc_mean_s8_params &p, const int8_t *input, int8_t *output) {
  const eonc_reduction &r = p.reduction;
  for (int32_t i = 0; i < r.kept_extent_0; ++i) {
    for (int32_t j = 0; j < r.kept_extent_1; ++j, output += r.kept_extent_2) {
      eonc_mean_s8_row(p, input + i * r.kept_stride_0 + j * r.kept_stride_1, output);
    }
  }
}
