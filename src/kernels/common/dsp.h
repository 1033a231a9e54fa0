#pragma once
/* What kernels of the set `dsp` share: Cortex-M with the DSP extension. The cores are in the .S files. */
#include <stdint.h>
#include <string.h>

#include "integer.h"
#include "window.h"

/** Sign-extended bytes 0 and 2. */
static inline uint32_t eonc_sxtb16(uint32_t bytes) {
  uint32_t halves;
  __asm__("sxtb16 %0, %1" : "=r"(halves) : "r"(bytes));
  return halves;
}

/** Sign-extended bytes 1 and 3. */
static inline uint32_t eonc_sxtb16_odd(uint32_t bytes) {
  uint32_t halves;
  __asm__("sxtb16 %0, %1, ror #8" : "=r"(halves) : "r"(bytes));
  return halves;
}

/** accumulator + a.low * b.low + a.high * b.high, modulo 2^32. */
static inline uint32_t eonc_smlad(uint32_t a, uint32_t b, uint32_t accumulator) {
  uint32_t sum;
  __asm__("smlad %0, %1, %2, %3" : "=r"(sum) : "r"(a), "r"(b), "r"(accumulator));
  return sum;
}

/** constant + round(a * b / 2^32). */
static inline int32_t eonc_smmlar(int32_t a, int32_t b, int32_t constant) {
  int32_t result;
  __asm__("smmlar %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(constant));
  return result;
}

/** -1 for what is negative, else 0. */
static inline int32_t eonc_sign(int32_t value) { return value < 0 ? -1 : 0; }

/** Limited to int8. */
static inline int8_t eonc_saturate_s8(int32_t value) {
  int32_t result;
  __asm__("ssat %0, #8, %1" : "=r"(result) : "r"(value));
  return static_cast<int8_t>(result);
}

/** Four bytes, wherever they lie: these processors load a word from any address, unless they are told to trap. */
static inline uint32_t eonc_load_4(const int8_t *bytes) {
  uint32_t word;
  __asm__("ldr %0, %1" : "=r"(word) : "m"(*reinterpret_cast<const int8_t(*)[4]>(bytes)));
  return word;
}

/** The output byte of twice an accumulator. `scale`: multiplier, constant and shift of README.md. */
static inline int8_t eonc_scaled_dsp(int32_t twice, const int32_t *scale) {
  const int32_t value = eonc_smmlar(twice, scale[0], scale[1]) + eonc_sign(twice);
  return eonc_saturate_s8(value >> scale[2]);
}

/** The taps along the columns of a window that starts at `first`; most windows lie inside, which is seen at once. */
static inline eonc_taps eonc_columns_dsp(const eonc_window &w, int32_t first) {
  if (first >= 0 && first + (w.filter_width - 1) * w.dilation_width < w.input_width) {
    const eonc_taps all = {0, w.filter_width};
    return all;
  }
  return eonc_valid_taps(first, w.dilation_width, w.filter_width, w.input_width);
}

/** Limits outputs to a range narrower than int8. */
static inline void eonc_limit_dsp(int8_t *output, int32_t count, int32_t low, int32_t high) {
  if (low > -128 || high < 127) {
    for (int32_t i = 0; i < count; ++i) {
      output[i] = eonc_clamp_s8(output[i], low, high);
    }
  }
}
