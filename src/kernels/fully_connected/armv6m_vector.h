#pragma once
/* Dense layers for the kernel set `armv6m`; `wide`: weights of two bytes. */
#include "../common/armv6m_dot.h"

/** A dense layer, and where its constants are. */
struct eonc_fully_connected_armv6m {
  const int32_t *stream;    /* in blocks of 2 outputs: see README.md */
  const int32_t *scales;    /* of each output, or of all */
  eonc_scale_armv6m *scale; /* how the sums are scaled */
  int32_t rows;             /* input vectors */
  int32_t inputs;           /* elements of an input vector */
  int32_t outputs;          /* elements of an output vector */
  int16_t scale_step;       /* words from the scale of an output to that of the next */
  int16_t clamp_min;
  int16_t clamp_max;
};

/** Inputs that are in words at a time, and outputs whose sums are there meanwhile. */
constexpr int32_t eonc_fully_connected_inputs = 64;
constexpr int32_t eonc_fully_connected_outputs = 64;

/** Words of the stream that the weights of a pair of outputs for `inputs` inputs take. */
template <bool wide>
static inline int32_t eonc_fully_connected_armv6m_words(int32_t inputs) {
  return (inputs + 7) / 8 * (wide ? 8 : 4);
}

/** Words of the stream that a pair of outputs takes. */
template <bool wide>
static inline int32_t eonc_fully_connected_armv6m_block(const eonc_fully_connected_armv6m &p) {
  return eonc_fully_connected_armv6m_words<wide>(p.inputs) + 2;
}

/**
 * Adds the products of `count` inputs from input `from` on, both multiples of 4 but for the end of the vector, to the
 * sums of pairs of outputs. `block`: the first pair's part of the stream.
 */
template <bool wide>
__attribute__((noinline, unused)) static void eonc_fully_connected_armv6m_add(const eonc_fully_connected_armv6m &p,
                                                                              const int8_t *input, int32_t from,
                                                                              int32_t count, const int32_t *block,
                                                                              int32_t pairs, int32_t *sums) {
  uint32_t words[eonc_fully_connected_inputs / 2];
  const int32_t distance = 4 * eonc_fully_connected_armv6m_block<wide>(p);
  while (count > 0 && pairs > 0) {
    const int32_t inputs = count < eonc_fully_connected_inputs ? count : eonc_fully_connected_inputs;
    const int32_t filled = (inputs + 7) / 8 * 4;
    /* weights behind the last input may be those of the next piece */
    memset(words + filled - 4, 0, 4 * sizeof(words[0]));
    eonc_gather_vector(words, input, inputs);
    const int32_t *const weights = block + 2 + (wide ? from : from / 2);
    if (wide) {
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
static inline void eonc_fully_connected_armv6m_scale(const eonc_fully_connected_armv6m &p, const int32_t *sums,
                                                     int32_t first, int32_t count, int8_t *output) {
  EONC_SYMBOL(armv6m_scales)
  (sums, sums + count, p.scales + first * p.scale_step, 4 * p.scale_step, output + first, p.scale);
}

/** One output vector of FULLY_CONNECTED, some outputs after the other, each with all inputs in turn. */
template <bool wide>
static inline void eonc_fully_connected_armv6m_row(const eonc_fully_connected_armv6m &p, const int8_t *input,
                                                   int8_t *output) {
  int32_t sums[eonc_fully_connected_outputs];
  const int32_t words = eonc_fully_connected_armv6m_block<wide>(p);
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
    eonc_fully_connected_armv6m_add<wide>(p, input, 0, p.inputs, block, pairs, sums);
    eonc_fully_connected_armv6m_scale(p, sums, first, count, output);
    block += pairs * words;
  }
}

/** FULLY_CONNECTED on int8: all vectors, one after the other. */
template <bool wide>
static inline void eonc_fully_connected_armv6m_rows(const eonc_fully_connected_armv6m &p, const int8_t *input,
                                                    int8_t *output) {
  for (int32_t row = 0; row < p.rows; ++row, input += p.inputs, output += p.outputs) {
    eonc_fully_connected_armv6m_row<wide>(p, input, output);
    eonc_limit_armv6m(output, p.outputs, p.clamp_min, p.clamp_max);
  }
}

/**
 * FULLY_CONNECTED on int8 of one vector that comes piece by piece: takes `count` elements from element `from` on, both
 * multiples of 4. The last ones give the output. One accumulator an output.
 */
template <bool wide>
static inline void eonc_fully_connected_armv6m_accumulate(const eonc_fully_connected_armv6m &p, int32_t *accumulators,
                                                          const int8_t *input, int32_t from, int32_t count,
                                                          int8_t *output) {
  const int32_t words = eonc_fully_connected_armv6m_block<wide>(p);
  const int32_t pairs = p.outputs / 2;
  if (from == 0) {
    const int32_t *bias = p.stream;
    for (int32_t i = 0; i < p.outputs; ++i) {
      accumulators[i] = bias[i % 2];
      bias += i % 2 == 0 ? 0 : words;
    }
  }
  eonc_fully_connected_armv6m_add<wide>(p, input, from, count, p.stream, pairs, accumulators);
  if (p.outputs % 2 != 0) { /* of the last pair only one output exists */
    int32_t sums[2] = {accumulators[2 * pairs], 0};
    eonc_fully_connected_armv6m_add<wide>(p, input, from, count, p.stream + pairs * words, 1, sums);
    accumulators[2 * pairs] = sums[0];
  }
  if (from + count == p.inputs) {
    eonc_fully_connected_armv6m_scale(p, accumulators, 0, p.outputs, output);
    eonc_limit_armv6m(output, p.outputs, p.clamp_min, p.clamp_max);
  }
}
