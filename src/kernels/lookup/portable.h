#pragma once
#include <stdint.h>

#include "../common/rom.h"

/** Parameters of a function of one int8 value, given by its values. */
struct eonc_lookup_s8_params {
  eonc_rom<int8_t> table; /* [256] in ROM: the result of value v is table[v + 128] */
  int32_t count;          /* elements */
};

/** The table's value for each element; input and output may be the same memory. */
static inline void eonc_lookup_s8(const eonc_lookup_s8_params &p, const int8_t *input, int8_t *output) {
  for (int32_t i = 0; i < p.count; ++i) {
    output[i] = p.table[input[i] + 128];
  }
}
