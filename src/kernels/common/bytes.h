#pragma once
/* Tensors whose elements are only moved, whatever their type. */
#include <stdint.h>
#include <string.h>

#include "rom.h"

#ifdef __AVR__
/** The bytes of a tensor: in RAM, or in ROM where it is constant. */
struct eonc_bytes {
  const void *address;
  bool in_rom;

  eonc_bytes(const void *ram) : address(ram), in_rom(false) {}
  template <typename Element>
  eonc_bytes(eonc_rom<Element> rom) : address(rom.address), in_rom(true) {}
};

/** Copies `count` bytes from byte `first` on. */
static inline void eonc_copy(void *output, eonc_bytes input, int32_t first, int32_t count) {
  const uint8_t *from = static_cast<const uint8_t *>(input.address) + first;
  (input.in_rom ? memcpy_P : memcpy)(output, from, static_cast<size_t>(count));
}
#else
/** The bytes of a tensor. */
using eonc_bytes = const void *;

/** Copies `count` bytes from byte `first` on. */
static inline void eonc_copy(void *output, eonc_bytes input, int32_t first, int32_t count) {
  memcpy(output, static_cast<const uint8_t *>(input) + first, static_cast<size_t>(count));
}
#endif
