#pragma once
/* Pieces of tensors, rows or pixels, of which a cascade may hold only the last ones, in a ring. */
#include <stdint.h>

#include "division.h"

/** Piece `n` of a tensor with pieces of `elements`, of which a ring holds the last `ring`; 0 if it is held whole. */
template <typename Pointer>
static inline Pointer eonc_piece(Pointer tensor, int32_t elements, int32_t ring, int32_t n) {
  return tensor + (ring == 0 ? n : eonc_remainder(n, ring)) * elements;
}
