#pragma once
/* Sums of products that convolutions and dense layers share: vectors of int8 times the weights of four channels. */
#include "wasm_simd128.h"

/** Sums of one input vector with four channels, each still in four parts. */
struct eonc_sums_x4 {
  v128_t channel_0;
  v128_t channel_1;
  v128_t channel_2;
  v128_t channel_3;
};

/** Where the weights of four channels begin. */
struct eonc_weights_x4 {
  const int8_t *channel_0;
  const int8_t *channel_1;
  const int8_t *channel_2;
  const int8_t *channel_3;
};

/**
 * The weights of four channels, each `elements` behind the one before; of those `count` exist, the last one repeats.
 */
static inline eonc_weights_x4 eonc_channel_weights_x4(const int8_t *weights, int32_t elements, int32_t count) {
  eonc_weights_x4 w;
  w.channel_0 = weights;
  w.channel_1 = w.channel_0 + (count > 1 ? elements : 0);
  w.channel_2 = w.channel_1 + (count > 2 ? elements : 0);
  w.channel_3 = w.channel_2 + (count > 3 ? elements : 0);
  return w;
}

/** Adds the products of eight elements, from element `at` of the weights on, to the sums of each input vector. */
template <int Inputs>
static inline void eonc_dot_step_x4(eonc_sums_x4 (&sums)[Inputs], const v128_t (&input)[Inputs],
                                    const eonc_weights_x4 &w, int32_t at) {
  const v128_t w0 = eonc_load_x8(w.channel_0 + at);
  const v128_t w1 = eonc_load_x8(w.channel_1 + at);
  const v128_t w2 = eonc_load_x8(w.channel_2 + at);
  const v128_t w3 = eonc_load_x8(w.channel_3 + at);
  for (int i = 0; i < Inputs; ++i) {
    sums[i].channel_0 = wasm_i32x4_add(sums[i].channel_0, wasm_i32x4_dot_i16x8(input[i], w0));
    sums[i].channel_1 = wasm_i32x4_add(sums[i].channel_1, wasm_i32x4_dot_i16x8(input[i], w1));
    sums[i].channel_2 = wasm_i32x4_add(sums[i].channel_2, wasm_i32x4_dot_i16x8(input[i], w2));
    sums[i].channel_3 = wasm_i32x4_add(sums[i].channel_3, wasm_i32x4_dot_i16x8(input[i], w3));
  }
}

/** The parts of four sums added up: a lane for each channel. */
static inline v128_t eonc_total_x4(const eonc_sums_x4 &s) {
  const v128_t s01 = wasm_i32x4_add(wasm_i32x4_shuffle(s.channel_0, s.channel_1, 0, 4, 1, 5),
                                    wasm_i32x4_shuffle(s.channel_0, s.channel_1, 2, 6, 3, 7));
  const v128_t s23 = wasm_i32x4_add(wasm_i32x4_shuffle(s.channel_2, s.channel_3, 0, 4, 1, 5),
                                    wasm_i32x4_shuffle(s.channel_2, s.channel_3, 2, 6, 3, 7));
  return wasm_i32x4_add(wasm_i32x4_shuffle(s01, s23, 0, 1, 4, 5), wasm_i32x4_shuffle(s01, s23, 2, 3, 6, 7));
}

/**
 * Sums of products of input vectors with `count` weights of four channels: a lane for each channel. `count` is 8 or
 * more:
 * what is left over in the end is taken from the last eight elements, with those that were counted before set to zero,
 * so
 * that nothing beyond either array is read.
 */
template <int Inputs>
static inline void eonc_dot_x4(v128_t (&totals)[Inputs], const int8_t *const (&inputs)[Inputs],
                               const eonc_weights_x4 &w, int32_t count) {
  eonc_sums_x4 sums[Inputs] = {};
  v128_t input[Inputs];
  int32_t at = 0;
  for (; at + 8 <= count; at += 8) {
    for (int i = 0; i < Inputs; ++i) {
      input[i] = eonc_load_x8(inputs[i] + at);
    }
    eonc_dot_step_x4(sums, input, w, at);
  }
  if (at < count) {
    const v128_t lane = wasm_i16x8_make(0, 1, 2, 3, 4, 5, 6, 7);
    const v128_t left = wasm_i16x8_ge(lane, wasm_i16x8_splat(static_cast<int16_t>(8 - (count - at))));
    for (int i = 0; i < Inputs; ++i) {
      input[i] = wasm_v128_and(eonc_load_x8(inputs[i] + count - 8), left);
    }
    eonc_dot_step_x4(sums, input, w, count - 8);
  }
  for (int i = 0; i < Inputs; ++i) {
    totals[i] = eonc_total_x4(sums[i]);
  }
}

/** Writes up to four outputs: those of a lane of four bytes. */
template <int Lane>
static inline void eonc_store_x4(int8_t *output, v128_t values, int32_t count) {
  if (count >= 4) {
    wasm_v128_store32_lane(output, values, Lane);
    return;
  }
  uint32_t rest = static_cast<uint32_t>(wasm_i32x4_extract_lane(values, Lane));
  for (int32_t i = 0; i < count; ++i, rest >>= 8) {
    output[i] = static_cast<int8_t>(rest);
  }
}

/**
 * The outputs of all channels for one or two input vectors of `elements`, 8 or more; those of a second input follow
 * those
 * of the first. `Params` has the weights, scales and limits of CONV_2D or FULLY_CONNECTED.
 */
template <int Inputs, typename Params>
static inline void eonc_channels_x4(const Params &p, const int8_t *const (&inputs)[Inputs], int32_t elements,
                                    int32_t channels, int8_t *output) {
  for (int32_t channel = 0; channel < channels; channel += 4) {
    const int32_t count = channels - channel < 4 ? channels - channel : 4;
    v128_t totals[Inputs];
    eonc_dot_x4(totals, inputs, eonc_channel_weights_x4(p.weights + channel * elements, elements, count), elements);
    const v128_t bias = eonc_load_x4(p.bias + channel, count);
    const eonc_scale_x4 scale = eonc_channel_scale_x4(p, channel, count);
    const v128_t first = eonc_requantize_x4(wasm_i32x4_add(totals[0], bias), scale);
    const v128_t last = Inputs == 1 ? first : eonc_requantize_x4(wasm_i32x4_add(totals[Inputs - 1], bias), scale);
    const v128_t results = eonc_output_x8(p, first, last);
    eonc_store_x4<0>(output + channel, results, count);
    if (Inputs == 2) {
      eonc_store_x4<1>(output + channels + channel, results, count);
    }
  }
}
