#pragma once
#include "../common/dot.h"

/** Parameters of FULLY_CONNECTED on int8; all arrays are in ROM. */
struct eonc_fully_connected_s8_params {
  eonc_rom<int8_t> weights;     /* [outputs][inputs] */
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

/** One output vector of FULLY_CONNECTED. */
static inline void eonc_fully_connected_s8_row(const eonc_fully_connected_s8_params &p, const int8_t *input,
                                               int8_t *output) {
  eonc_rom<int8_t> weights = p.weights;
  for (int32_t channel = 0; channel < p.outputs; ++channel, weights += p.inputs) {
    const uint32_t accumulator = eonc_dot_s8(static_cast<uint32_t>(p.bias[channel]), input, weights, p.inputs);
    const int32_t scale = channel * p.channel_step;
    const int32_t scaled = eonc_requantize(static_cast<int32_t>(accumulator), p.multiplier[scale], p.shift[scale]);
    *output++ = eonc_clamp_s8(eonc_wrapping_add(scaled, p.output_zero_point), p.clamp_min, p.clamp_max);
  }
}

/** FULLY_CONNECTED on int8: all vectors, one after the other. */
static inline void eonc_fully_connected_s8(const eonc_fully_connected_s8_params &p, const int8_t *input,
                                           int8_t *output) {
  for (int32_t row = 0; row < p.rows; ++row, input += p.inputs, output += p.outputs) {
    eonc_fully_connected_s8_row(p, input, output);
  }
}
