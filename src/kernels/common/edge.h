#pragma once
#include "window.h"

/** Which of the three rows of a window lies in the padding, one at most. Cores in assembler read the values. */
enum eonc_edge { eonc_edge_none = 0, eonc_edge_above = 1, eonc_edge_below = 2 };

/** That of windows on these rows. */
template <typename Element>
static inline eonc_edge eonc_edge_of(const eonc_rows<Element> &rows) {
  return rows.taps.from == 1 ? eonc_edge_above : rows.taps.to == 2 ? eonc_edge_below : eonc_edge_none;
}
