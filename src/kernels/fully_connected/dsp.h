#pragma once
#include "../common/dsp.h"

extern "C" void EONC_SYMBOL(fully_connected_s8_dsp_blocks)(const int8_t *input, const int8_t *end,
                                                           const int32_t *stream, int32_t blocks, int8_t *output,
                                                           const int32_t *scale);

/** Parameters of FULLY_CONNECTED on int8 for the kernel set `dsp`. */
struct eonc_fully_connected_s8_dsp_params {
  const int32_t *stream; /* blocks of 8 outputs, then pairs of outputs: see README.md */
  int32_t rows;          /* input vectors */
  int32_t inputs;        /* elements of an input vector */
  int32_t outputs;       /* elements of an output vector */
  int32_t blocks;        /* of 8 outputs; none unless `inputs` is a multiple of 4 */
  int16_t clamp_min;
  int16_t clamp_max;
  int32_t shared_scale; /* 1 when all outputs have the same scale, which then comes first in the stream */
};

/** Sums of a pair of outputs. */
struct eonc_pair_dsp {
  uint32_t a;
  uint32_t b;
};

/** The products of four inputs with two outputs' weights: P sums up 256 * B + A, Q sums up A. */
static inline void eonc_fully_connected_s8_dsp_add(uint32_t bytes, const int32_t *weights, uint32_t &p, uint32_t &q) {
  const uint32_t even = eonc_sxtb16(bytes);
  const uint32_t odd = eonc_sxtb16_odd(bytes);
  const uint32_t first = static_cast<uint32_t>(weights[0]);
  const uint32_t second = static_cast<uint32_t>(weights[1]);
  p = eonc_smlad(even, first, p);
  p = eonc_smlad(odd, second, p);
  q = eonc_smlad(even, eonc_sxtb16(first), q);
  q = eonc_smlad(odd, eonc_sxtb16(second), q);
}

/** Adds the products of `count` inputs to the sums of a pair; 512 of them leave 256 * B within 32 bits. */
__attribute__((noinline, unused)) static void eonc_fully_connected_s8_dsp_sum(const int8_t *input,
                                                                              const int32_t *weights, int32_t count,
                                                                              eonc_pair_dsp &sums) {
  while (count > 0) {
    uint32_t p = 0;
    uint32_t q = 0;
    const int32_t chunk = count < 512 ? count : 512;
    const int32_t *const end = weights + chunk / 4 * 2;
    for (; weights != end; weights += 2, input += 4) {
      eonc_fully_connected_s8_dsp_add(eonc_load_4(input), weights, p, q);
    }
    if (chunk % 4 != 0) { /* the last ones */
      uint32_t last = 0;
      for (int32_t i = chunk % 4; i > 0; --i) {
        last = (last << 8) | static_cast<uint8_t>(input[i - 1]);
      }
      eonc_fully_connected_s8_dsp_add(last, weights, p, q);
    }
    sums.a += q;
    sums.b += static_cast<uint32_t>(static_cast<int32_t>(p - q) >> 8);
    count -= chunk;
  }
}

/** The parts of a stream. */
struct eonc_fully_connected_s8_dsp_stream {
  const int32_t *scale; /* of all outputs; null where each has its own behind its weights */
  const int32_t *blocks;
  const int32_t *pairs;
  int32_t weight_words; /* of a pair, its biases included */
  int32_t pair_words;   /* from a pair to the next one */
};

/** Finds the parts of a stream. */
static inline eonc_fully_connected_s8_dsp_stream eonc_fully_connected_s8_dsp_parts(
    const eonc_fully_connected_s8_dsp_params &p) {
  const bool shared = p.shared_scale != 0;
  const int32_t *const blocks = p.stream + (shared ? 3 : 0);
  const int32_t *const pairs = blocks + p.blocks * (2 * p.inputs + (shared ? 8 : 32));
  const int32_t words = 2 + (p.inputs + 3) / 4 * 2;
  return {shared ? p.stream : nullptr, blocks, pairs, words, words + (shared ? 0 : 6)};
}

/** The outputs of the pair at a place of the stream; the second one may not exist. */
static inline void eonc_fully_connected_s8_dsp_put(const eonc_pair_dsp &sums,
                                                   const eonc_fully_connected_s8_dsp_stream &stream,
                                                   const int32_t *pair, int8_t *output, bool both) {
  const int32_t *const scale = stream.scale != nullptr ? stream.scale : pair + stream.weight_words;
  output[0] = eonc_scaled_dsp(static_cast<int32_t>(sums.a << 1), scale);
  if (both) {
    output[1] = eonc_scaled_dsp(static_cast<int32_t>(sums.b << 1), stream.scale != nullptr ? scale : scale + 3);
  }
}

/** One output vector of FULLY_CONNECTED. */
static inline void eonc_fully_connected_s8_dsp_row(const eonc_fully_connected_s8_dsp_params &p, const int8_t *input,
                                                   int8_t *output) {
  const eonc_fully_connected_s8_dsp_stream stream = eonc_fully_connected_s8_dsp_parts(p);
  if (p.blocks > 0) {
    EONC_SYMBOL(fully_connected_s8_dsp_blocks)
    (input, input + p.inputs, stream.blocks, p.blocks, output, stream.scale);
  }
  const int32_t *pair = stream.pairs;
  for (int32_t i = 8 * p.blocks; i < p.outputs; i += 2, pair += stream.pair_words) {
    eonc_pair_dsp sums = {static_cast<uint32_t>(pair[0]), static_cast<uint32_t>(pair[1])};
    eonc_fully_connected_s8_dsp_sum(input, pair + 2, p.inputs, sums);
    eonc_fully_connected_s8_dsp_put(sums, stream, pair, output + i, i + 1 < p.outputs);
  }
  eonc_limit_dsp(output, p.outputs, p.clamp_min, p.clamp_max);
}

/** FULLY_CONNECTED on int8: all vectors, one after the other. */
static inline void eonc_fully_connected_s8_dsp(const eonc_fully_connected_s8_dsp_params &p, const int8_t *input,
                                               int8_t *output) {
  for (int32_t row = 0; row < p.rows; ++row, input += p.inputs, output += p.outputs) {
    eonc_fully_connected_s8_dsp_row(p, input, output);
  }
}
