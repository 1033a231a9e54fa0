#pragma once
#include "../common/reduction.h"

/** Parameters of MEAN on float32. */
struct eonc_mean_f32_params {
  eonc_reduction reduction;
  float count; /* elements of a mean */
};

/** The means along the innermost kept dimension: writes kept_extent_2 elements. */
static inline void eonc_mean_f32_row(const eonc_mean_f32_params &p, const float *input, float *output) {
  const eonc_reduction &r = p.reduction;
  for (int32_t i = 0; i < r.kept_extent_2; ++i, input += r.kept_stride_2) {
    output[i] = eonc_reduced_sum<float>(r, input) / p.count;
  }
}

/** MEAN on float32: all kept dimensions. */
static inline void eonc_mean_f32(const eonc_mean_f32_params &p, const float *input, float *output) {
  const eonc_reduction &r = p.reduction;
  for (int32_t i = 0; i < r.kept_extent_0; ++i) {
    for (int32_t j = 0; j < r.kept_extent_1; ++j, output += r.kept_extent_2) {
      eonc_mean_f32_row(p, input + i * r.kept_stride_0 + j * r.kept_stride_1, output);
    }
  }
}
