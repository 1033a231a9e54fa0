#pragma once
/*
 * Weights that are stored in fewer bits than eight, as README.md says: most as fields of words, the bits that do not
 * fit
 * into them as corrections. They are decoded as they are multiplied, in registers.
 */
#include "integer.h"
#include "rom.h"

/** Where the weights of the next output are. */
struct eonc_packed_weights {
  eonc_rom<int32_t> words; /* fields */
  eonc_rom<uint8_t> codes; /* for each output: width, least weight, number of corrections; plain weights; corrections */
};

/** The next word, and fields of it: each in the lower bits of either half. */
static inline uint32_t eonc_next_word(eonc_rom<int32_t> &words) { return static_cast<uint32_t>(*words++); }

/** The products of four inputs with fields: in `even` those of the first and the third one, in `odd` the other two. */
static inline uint32_t eonc_add_fields(uint32_t sum, uint32_t even, uint32_t odd, const int8_t *input) {
  sum = eonc_multiply_add(sum, input[0], static_cast<int32_t>(even & 0xffu));
  sum = eonc_multiply_add(sum, input[1], static_cast<int32_t>(odd & 0xffu));
  sum = eonc_multiply_add(sum, input[2], static_cast<int32_t>(even >> 16));
  return eonc_multiply_add(sum, input[3], static_cast<int32_t>(odd >> 16));
}

/** Fields of 3 bits: 20 inputs in 2 words. */
struct eonc_fields_3 {
  enum { inputs = 20 };
  static inline uint32_t add(uint32_t sum, eonc_rom<int32_t> &words, const int8_t *input) {
    const uint32_t mask = 0x00070007u;
    const uint32_t a = eonc_next_word(words);
    sum = eonc_add_fields(sum, a & mask, (a >> 3) & mask, input);
    sum = eonc_add_fields(sum, (a >> 6) & mask, (a >> 9) & mask, input + 4);
    const uint32_t b = eonc_next_word(words);
    sum = eonc_add_fields(sum, (a >> 12) & mask, b & mask, input + 8);
    sum = eonc_add_fields(sum, (b >> 3) & mask, (b >> 6) & mask, input + 12);
    return eonc_add_fields(sum, (b >> 9) & mask, (b >> 12) & mask, input + 16);
  }
};

/** Fields of 4 bits: 8 inputs in a word. */
struct eonc_fields_4 {
  enum { inputs = 8 };
  static inline uint32_t add(uint32_t sum, eonc_rom<int32_t> &words, const int8_t *input) {
    const uint32_t mask = 0x000f000fu;
    const uint32_t a = eonc_next_word(words);
    sum = eonc_add_fields(sum, a & mask, (a >> 4) & mask, input);
    return eonc_add_fields(sum, (a >> 8) & mask, (a >> 12) & mask, input + 4);
  }
};

/** Fields of 5 bits: 12 inputs in 2 words. */
struct eonc_fields_5 {
  enum { inputs = 12 };
  static inline uint32_t add(uint32_t sum, eonc_rom<int32_t> &words, const int8_t *input) {
    const uint32_t mask = 0x001f001fu;
    const uint32_t a = eonc_next_word(words);
    sum = eonc_add_fields(sum, a & mask, (a >> 5) & mask, input);
    const uint32_t b = eonc_next_word(words);
    sum = eonc_add_fields(sum, (a >> 10) & mask, b & mask, input + 4);
    return eonc_add_fields(sum, (b >> 5) & mask, (b >> 10) & mask, input + 8);
  }
};

/** Fields of 6 bits: 16 inputs in 3 words, the last 4 of them in what is left of each half. */
struct eonc_fields_6 {
  enum { inputs = 16 };
  static inline uint32_t add(uint32_t sum, eonc_rom<int32_t> &words, const int8_t *input) {
    const uint32_t mask = 0x003f003fu;
    const uint32_t low = 0x000f000fu;
    const uint32_t high = 0x00300030u;
    const uint32_t a = eonc_next_word(words);
    sum = eonc_add_fields(sum, a & mask, (a >> 6) & mask, input);
    const uint32_t b = eonc_next_word(words);
    sum = eonc_add_fields(sum, b & mask, (b >> 6) & mask, input + 4);
    const uint32_t c = eonc_next_word(words);
    sum = eonc_add_fields(sum, c & mask, (c >> 6) & mask, input + 8);
    const uint32_t even = ((a >> 12) & low) | ((c >> 8) & high);
    const uint32_t odd = ((b >> 12) & low) | ((c >> 10) & high);
    return eonc_add_fields(sum, even, odd, input + 12);
  }
};

/** Fields of 8 bits: 4 inputs in a word. */
struct eonc_fields_8 {
  enum { inputs = 4 };
  static inline uint32_t add(uint32_t sum, eonc_rom<int32_t> &words, const int8_t *input) {
    const uint32_t mask = 0x00ff00ffu;
    const uint32_t a = eonc_next_word(words);
    return eonc_add_fields(sum, a & mask, (a >> 8) & mask, input);
  }
};

/** The sum of the fields' products; `count` is left with the inputs behind the last group, `input` points to them. */
template <typename Fields>
static inline uint32_t eonc_fields_dot(eonc_rom<int32_t> &words, const int8_t *&input, int32_t &count) {
  uint32_t sum = 0;
  for (; count >= Fields::inputs; count -= Fields::inputs, input += Fields::inputs) {
    sum = Fields::add(sum, words, input);
  }
  return sum;
}

/** Fields of any of the widths. */
static inline uint32_t eonc_fields_dot(int32_t width, eonc_rom<int32_t> &words, const int8_t *&input, int32_t &count) {
  switch (width) {
    case 3:
      return eonc_fields_dot<eonc_fields_3>(words, input, count);
    case 4:
      return eonc_fields_dot<eonc_fields_4>(words, input, count);
    case 5:
      return eonc_fields_dot<eonc_fields_5>(words, input, count);
    case 6:
      return eonc_fields_dot<eonc_fields_6>(words, input, count);
    default:
      return eonc_fields_dot<eonc_fields_8>(words, input, count);
  }
}

/**
 * Sum of the products of `count` inputs with the weights of an output, modulo 2^32. `total` is the sum of the inputs.
 * The
 * weights are left at those of the next output.
 */
static inline uint32_t eonc_packed_dot_s8(eonc_packed_weights &weights, const int8_t *input, int32_t count,
                                          int32_t total) {
  eonc_rom<uint8_t> codes = weights.codes;
  const int32_t width = *codes++;
  const int32_t least = static_cast<int8_t>(*codes++);
  const int32_t corrections = *codes++;
  const int8_t *rest = input;
  uint32_t sum = eonc_fields_dot(width, weights.words, rest, count);
  for (; count > 0; --count) {
    sum = eonc_multiply_add(sum, *rest++, static_cast<int8_t>(*codes++) - least);
  }
  uint32_t corrected = 0;
  for (int32_t i = 0; i < corrections; ++i) {
    const uint32_t code = *codes++;
    input += code >> 3;
    corrected = eonc_multiply_add(corrected, *input, static_cast<int32_t>(code << 29) >> 29);
  }
  weights.codes = codes;
  return sum + (corrected << width) + static_cast<uint32_t>(least * total);
}

/** The sum of `count` values. */
static inline int32_t eonc_total_s8(const int8_t *values, int32_t count) {
  int32_t total = 0;
  for (; count > 0; --count) {
    total += *values++;
  }
  return total;
}
