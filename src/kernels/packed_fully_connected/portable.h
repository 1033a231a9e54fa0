#pragma once
#include "../common/packed_dot.h"

/** Parameters of FULLY_CONNECTED on int8 with packed weights; all arrays are in ROM. */
struct eonc_packed_fully_connected_s8_params {
  eonc_rom<int32_t> words;      /* see README.md */
  eonc_rom<uint8_t> codes;      /* see README.md */
  eonc_rom<int32_t> bias;       /* [outputs], with -input zero point * sum of weights added */
  eonc_rom<int32_t> multiplier; /* one, or [outputs] */
  eonc_rom<int8_t> shift;       /* as many as multipliers */
  int32_t rows;                 /* input vectors */
  int32_t inputs;               /* elements of an input vector */
  int32_t outputs;              /* elements of an output vector */
  int16_t output_zero_point;
  int16_t clamp_min;
  int16_t clamp_max;
  int16_t channel_step; /* 1 when multiplier and shift are per output, else 0 */
};

/** FULLY_CONNECTED with packed weights: all vectors, one after the other. `Dot` multiplies a vector. */
template <typename Dot>
static inline void eonc_packed_fully_connected_s8_vectors(const eonc_packed_fully_connected_s8_params &p,
                                                          const int8_t *input, int8_t *output) {
  for (int32_t row = 0; row < p.rows; ++row, input += p.inputs) {
    const int32_t total = eonc_total_s8(input, p.inputs);
    eonc_packed_weights weights = {p.words, p.codes};
    for (int32_t channel = 0; channel < p.outputs; ++channel) {
      const uint32_t dot = Dot::of(weights, input, p.inputs, total);
      const uint32_t accumulator = static_cast<uint32_t>(p.bias[channel]) + dot;
      const int32_t scale = channel * p.channel_step;
      const int32_t scaled = eonc_requantize(static_cast<int32_t>(accumulator), p.multiplier[scale], p.shift[scale]);
      *output++ = eonc_clamp_s8(eonc_wrapping_add(scaled, p.output_zero_point), p.clamp_min, p.clamp_max);
    }
  }
}

/** How the portable kernel multiplies a vector with the weights of an output. */
struct eonc_packed_dot {
  static inline uint32_t of(eonc_packed_weights &weights, const int8_t *input, int32_t count, int32_t total) {
    return eonc_packed_dot_s8(weights, input, count, total);
  }
};

/** FULLY_CONNECTED on int8 with packed weights. */
static inline void eonc_packed_fully_connected_s8(const eonc_packed_fully_connected_s8_params &p, const int8_t *input,
                                                  int8_t *output) {
  eonc_packed_fully_connected_s8_vectors<eonc_packed_dot>(p, input, output);
}
