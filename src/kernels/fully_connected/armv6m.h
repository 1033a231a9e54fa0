#pragma once
#include "../common/armv6m_dot.h"

/** Parameters of FULLY_CONNECTED on int8 for the kernel set `armv6m`. */
struct eonc_fully_connected_s8_armv6m_params {
  const int32_t *stream; /* in blocks of 2 outputs: see README.md */
  const int32_t *scales; /* of each output, or of all */
  int32_t rows;          /* input vectors */
  int32_t inputs;        /* elements of an input vector */
  int32_t outputs;       /* elements of an output vector */
  int16_t scale_step;    /* words from the scale of an output to that of the next */
  int16_t clamp_min;
  int16_t clamp_max;
  int8_t scaling; /* how the sums are scaled */
  int8_t wide;    /* 1 when weights take two bytes */
};

/** Inputs that are in words at a time, and outputs whose sums are there meanwhile. */
constexpr int32_t eonc_fully_connected_inputs = 64;
constexpr int32_t eonc_fully_connected_outputs = 64;

/** Words of the stream that the weights of a pair of outputs for `inputs` inputs take. */
static inline int32_t eonc_fully_connected_s8_armv6m_words(const eonc_fully_connected_s8_armv6m_params &p,
                                                           int32_t inputs) {
  return (inputs + 7) / 8 * (p.wide != 0 ? 8 : 4);
}

/** Words of the stream that a pair of outputs takes. */
static inline int32_t eonc_fully_connected_s8_armv6m_block(const eonc_fully_connected_s8_armv6m_params &p) {
  return eonc_fully_connected_s8_armv6m_words(p, p.inputs) + 2;
}

/**
 * Adds the products of `count` inputs from input `from` on, both multiples of 4 but for the end of the vector, to the
 * sums of pairs of outputs. `block`: the first pair's part of the stream.
 */
__attribute__((noinline, unused)) static void eonc_fully_connected_s8_armv6m_add(
    const eonc_fully_connected_s8_armv6m_params &p, const int8_t *input, int32_t from, int32_t count,
    const int32_t *block, int32_t pairs, int32_t *sums) {
  uint32_t words[eonc_fully_connected_inputs / 2];
  const int32_t distance = 4 * eonc_fully_connected_s8_armv6m_block(p);
  while (count > 0 && pairs > 0) {
    const int32_t inputs = count < eonc_fully_connected_inputs ? count : eonc_fully_connected_inputs;
    const int32_t filled = (inputs + 7) / 8 * 4;
    memset(words + filled - 4, 0,
           4 * sizeof(words[0])); /* weights behind the last input may be those of the next one */
    eonc_gather_vector(words, input, inputs);
    const int32_t *const weights = block + 2 + (p.wide != 0 ? from : from / 2);
    if (p.wide != 0) {
      EONC_SYMBOL(armv6m_sums_wide)(words, words + filled, weights, sums, pairs, distance);
    } else {
      EONC_SYMBOL(armv6m_sums)(words, words + filled, weights, sums, pairs, distance);
    }
    input += inputs;
    from += inputs;
    count -= inputs;
  }
}

/** Scales the sums of `count` outputs from output `first` on. */
static inline void eonc_fully_connected_s8_armv6m_scale(const eonc_fully_connected_s8_armv6m_params &p,
                                                        const int32_t *sums, int32_t first, int32_t count,
                                                        int8_t *output) {
  EONC_SYMBOL(armv6m_scales)
  (sums, sums + count, p.scales + first * p.scale_step, 4 * p.scale_step, output + first,
   eonc_scaling_armv6m(p.scaling));
}

/** One output vector of FULLY_CONNECTED, some outputs after the other, each with all inputs in turn. */
static inline void eonc_fully_connected_s8_armv6m_row(const eonc_fully_connected_s8_armv6m_params &p,
                                                      const int8_t *input, int8_t *output) {
  int32_t sums[eonc_fully_connected_outputs];
  const int32_t words = eonc_fully_connected_s8_armv6m_block(p);
  const int32_t *block = p.stream;
  for (int32_t first = 0; first < p.outputs; first += eonc_fully_connected_outputs) {
    const int32_t left = p.outputs - first;
    const int32_t count = left < eonc_fully_connected_outputs ? left : eonc_fully_connected_outputs;
    const int32_t pairs = (count + 1) / 2;
    const int32_t *bias = block;
    for (int32_t i = 0; i < pairs; ++i, bias += words) {
      sums[2 * i] = bias[0];
      sums[2 * i + 1] = bias[1];
    }
    eonc_fully_connected_s8_armv6m_add(p, input, 0, p.inputs, block, pairs, sums);
    eonc_fully_connected_s8_armv6m_scale(p, sums, first, count, output);
    block += pairs * words;
  }
}

/** FULLY_CONNECTED on int8: all vectors, one after the other. */
static inline void eonc_fully_connected_s8_armv6m(const eonc_fully_connected_s8_armv6m_params &p, const int8_t *input,
                                                  int8_t *output) {
  for (int32_t row = 0; row < p.rows; ++row, input += p.inputs, output += p.outputs) {
    eonc_fully_connected_s8_armv6m_row(p, input, output);
    eonc_limit_armv6m(output, p.outputs, p.clamp_min, p.clamp_max);
  }
}
