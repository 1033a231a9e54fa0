#pragma once
/* Tensors, constant or not, whose elements are only moved, whatever their type. */
#include <stdint.h>
#include <string.h>

#include "rom.h"

/** Copies `count` bytes from byte `first` on. */
static inline void eonc_copy(void *output, const void *input, int32_t first, int32_t count) {
  memcpy(output, static_cast<const uint8_t *>(input) + first, static_cast<size_t>(count));
}

#ifdef __AVR__
template <typename Element>
static inline void eonc_copy(void *output, eonc_rom<Element> input, int32_t first, int32_t count) {
  const void *const bytes = input.address;
  memcpy_P(output, static_cast<const uint8_t *>(bytes) + first, static_cast<size_t>(count));
}
#endif
