#pragma once
/* Input vectors times constant weights, for the kernel set `mve`: blocks of 4 output channels, then single ones. */
#include "mve.h"

/** How a layer's vectors lie, and how its outputs are limited. The cores read it: the order counts. */
struct eonc_blocks_mve {
  int32_t whole;          /* inputs of a vector, in sixteens */
  int32_t rest;           /* inputs behind them */
  int32_t block_channels; /* output channels in blocks of 4 */
  int32_t input_step;     /* elements from one input vector to the next */
  int32_t output_step;    /* output channels: elements from one output vector to the next */
  int32_t output_zero_point;
  int32_t clamp_min;
  int32_t clamp_max;
};

extern "C" {
void EONC_SYMBOL(mve_pairs_linear)(const int8_t *input, int8_t *output, const int32_t *stream,
                                   const eonc_blocks_mve *shape, int32_t pairs);
void EONC_SYMBOL(mve_pairs_relu)(const int8_t *input, int8_t *output, const int32_t *stream,
                                 const eonc_blocks_mve *shape, int32_t pairs);
void EONC_SYMBOL(mve_singles_linear)(const int8_t *input, int8_t *output, const int32_t *stream,
                                     const eonc_blocks_mve *shape, int32_t vectors);
void EONC_SYMBOL(mve_singles_relu)(const int8_t *input, int8_t *output, const int32_t *stream,
                                   const eonc_blocks_mve *shape, int32_t vectors);
uint32_t EONC_SYMBOL(mve_dot)(uint32_t accumulator, const int8_t *input, const int8_t *weights, int32_t count);
}

/** Words of the stream that a channel by itself takes: bias, multiplier, shift, then its weights, filled up. */
static inline int32_t eonc_channel_words_mve(int32_t inputs) { return 3 + (inputs + 3) / 4; }

/** The weights of a channel by itself. */
static inline const int8_t *eonc_channel_weights_mve(const int32_t *channel) {
  return static_cast<const int8_t *>(static_cast<const void *>(channel + 3));
}

/** The output of a channel by itself, from its sum. */
static inline int8_t eonc_channel_output_mve(const eonc_blocks_mve &shape, uint32_t sum, const int32_t *channel) {
  const int32_t scaled = eonc_requantize(static_cast<int32_t>(sum), channel[1], static_cast<int>(channel[2]));
  return eonc_clamp_s8(scaled + shape.output_zero_point, shape.clamp_min, shape.clamp_max);
}

/** The channels behind the blocks, of `vectors` vectors. */
__attribute__((noinline, unused)) static void eonc_channels_mve(const eonc_blocks_mve &shape, const int32_t *stream,
                                                                const int8_t *input, int32_t vectors, int8_t *output) {
  const int32_t inputs = shape.whole + shape.rest;
  const int32_t *const first = stream + shape.block_channels / 4 * (inputs + 9);
  for (; vectors > 0; --vectors, input += shape.input_step, output += shape.output_step) {
    const int32_t *channel = first;
    for (int32_t i = shape.block_channels; i < shape.output_step; ++i, channel += eonc_channel_words_mve(inputs)) {
      const uint32_t bias = static_cast<uint32_t>(channel[0]);
      const uint32_t sum = EONC_SYMBOL(mve_dot)(bias, input, eonc_channel_weights_mve(channel), inputs);
      output[i] = eonc_channel_output_mve(shape, sum, channel);
    }
  }
}

/** The outputs of input vectors that lie `input_step` apart. */
static inline void eonc_vectors_mve(const eonc_blocks_mve &shape, const int32_t *stream, bool relu, const int8_t *input,
                                    int32_t vectors, int8_t *output) {
  const int32_t pairs = vectors / 2;
  const bool blocks = shape.block_channels > 0;
  if (blocks && pairs > 0) {
    if (relu) {
      EONC_SYMBOL(mve_pairs_relu)(input, output, stream, &shape, pairs);
    } else {
      EONC_SYMBOL(mve_pairs_linear)(input, output, stream, &shape, pairs);
    }
  }
  if (blocks && vectors % 2 != 0) {
    const int8_t *const last = input + 2 * pairs * shape.input_step;
    int8_t *const outputs = output + 2 * pairs * shape.output_step;
    if (relu) {
      EONC_SYMBOL(mve_singles_relu)(last, outputs, stream, &shape, 1);
    } else {
      EONC_SYMBOL(mve_singles_linear)(last, outputs, stream, &shape, 1);
    }
  }
  if (shape.block_channels < shape.output_step) {
    eonc_channels_mve(shape, stream, input, vectors, output);
  }
}
