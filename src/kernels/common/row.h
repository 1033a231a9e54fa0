#pragma once
/* Rows of tensors of which a cascade may hold only the last ones, in a ring. */
#include <stdint.h>

/** Row `y` of a tensor with rows of `elements`, of which a ring holds the last `ring`; 0 if it is held whole. */
template <typename Element>
static inline Element *eonc_row(Element *tensor, int32_t elements, int32_t ring, int32_t y) {
  return tensor + (ring == 0 ? y : y % ring) * elements;
}
