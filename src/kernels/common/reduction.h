#pragma once
/* Geometry of operators that reduce some dimensions of a tensor and keep the others. */
#include <stdint.h>

/**
 * Loops over the kept and over the reduced dimensions, outermost first; neighbours are merged, and loops that are not
 * needed have extent 1. Strides are in elements of the input.
 */
struct eonc_reduction {
  int32_t kept_extent_0;
  int32_t kept_extent_1;
  int32_t kept_extent_2;
  int32_t kept_stride_0;
  int32_t kept_stride_1;
  int32_t kept_stride_2;
  int32_t reduced_extent_0;
  int32_t reduced_extent_1;
  int32_t reduced_extent_2;
  int32_t reduced_stride_0;
  int32_t reduced_stride_1;
  int32_t reduced_stride_2;
};

/** Sum of the elements that are reduced to one, of which `input` is the first, in the order of the input. */
template <typename Sum, typename Element>
static inline Sum eonc_reduced_sum(const eonc_reduction &r, const Element *input) {
  Sum sum = 0;
  for (int32_t i = 0; i < r.reduced_extent_0; ++i) {
    for (int32_t j = 0; j < r.reduced_extent_1; ++j) {
      const Element *element = input + i * r.reduced_stride_0 + j * r.reduced_stride_1;
      for (int32_t k = 0; k < r.reduced_extent_2; ++k) {
        sum += static_cast<Sum>(element[k * r.reduced_stride_2]);
      }
    }
  }
  return sum;
}
