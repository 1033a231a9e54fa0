#pragma once
/*
 * Constants in ROM. On AVR, ROM is no part of the memory that pointers reach: what reads it, reads it through here. On
 * all other processors these are plain pointers and references, at no cost.
 */
#include <stdint.h>
#ifdef __AVR__
#include <avr/pgmspace.h>
#endif

#ifdef __AVR__
static inline int8_t eonc_read_rom(const int8_t *address) { return static_cast<int8_t>(pgm_read_byte(address)); }
static inline uint8_t eonc_read_rom(const uint8_t *address) { return pgm_read_byte(address); }
static inline uint16_t eonc_read_rom(const uint16_t *address) { return pgm_read_word(address); }
static inline int32_t eonc_read_rom(const int32_t *address) { return static_cast<int32_t>(pgm_read_dword(address)); }
static inline float eonc_read_rom(const float *address) { return pgm_read_float(address); }

/** A pointer to constants in ROM; where it points is ROM's first 64 KiB. */
template <typename Element>
struct eonc_rom {
  const Element *address;

  Element operator*() const { return eonc_read_rom(address); }
  Element operator[](int32_t index) const { return eonc_read_rom(address + index); }
  eonc_rom operator+(int32_t distance) const { return {address + distance}; }
  eonc_rom &operator+=(int32_t distance) {
    address += distance;
    return *this;
  }
  eonc_rom operator++(int) { return {address++}; }
};

/** A copy, on the stack, of parameters in ROM. */
template <typename Params>
static inline Params eonc_from_rom(const Params &params) {
  Params copy;
  memcpy_P(&copy, &params, sizeof(copy));
  return copy;
}
#else
/** A pointer to constants in ROM. */
template <typename Element>
using eonc_rom = const Element *;

/** Parameters in ROM, as they are. */
template <typename Params>
static inline const Params &eonc_from_rom(const Params &params) {
  return params;
}
#endif
