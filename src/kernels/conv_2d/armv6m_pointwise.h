#pragma once
#include "../common/armv6m_dot.h"

/** Pixels side by side, as the cores read it. */
struct eonc_pointwise_armv6m {
  uint32_t *words;            /* of a pixel */
  const uint32_t *inputs_end; /* end of the words that hold its inputs */
  const uint32_t *words_end;  /* end of all words, those of a multiple of 8 inputs */
  int32_t skip;               /* elements from the end of a pixel to the next one that is read */
  const int32_t *stream;
  int32_t channels;
  int8_t *output;
  const int8_t *outputs_end;
};

/** Makes the outputs of pixels. */
typedef void eonc_pointwise_outputs_armv6m(const int8_t *input, const eonc_pointwise_armv6m *pixels);

extern "C" {
eonc_pointwise_outputs_armv6m EONC_SYMBOL(conv_2d_s8_armv6m_pointwise_3_linear);
eonc_pointwise_outputs_armv6m EONC_SYMBOL(conv_2d_s8_armv6m_pointwise_3_relu);
eonc_pointwise_outputs_armv6m EONC_SYMBOL(conv_2d_s8_armv6m_pointwise_4_linear);
eonc_pointwise_outputs_armv6m EONC_SYMBOL(conv_2d_s8_armv6m_pointwise_4_relu);
}

/**
 * Parameters of CONV_2D on int8 for the kernel set `armv6m`, weights of two bytes, with filters of 1x1 none of which
 * lies in the padding, and a multiple of 4 input channels.
 */
struct eonc_conv_2d_s8_armv6m_pointwise_params {
  const int32_t *stream; /* in blocks of 2 output channels: see README.md */
  eonc_window window;
  int32_t window_words; /* words of two inputs, filled up to a multiple of 4 */
  int16_t clamp_min;
  int16_t clamp_max;
};

/** One output row of CONV_2D, by the core `make`: writes output_width * output_channels elements. */
template <eonc_pointwise_outputs_armv6m make>
static inline void eonc_conv_2d_s8_armv6m_pointwise_row(const eonc_conv_2d_s8_armv6m_pointwise_params &p,
                                                        const eonc_rows<int8_t> &rows, uint32_t *scratch,
                                                        int8_t *output) {
  const eonc_window &w = p.window;
  const int32_t depth = w.input_channels;
  const int32_t count = w.output_width * w.output_channels;
  const eonc_pointwise_armv6m pixels = {scratch,
                                        scratch + (depth >> 1),
                                        scratch + p.window_words,
                                        (w.stride_width - 1) * depth,
                                        p.stream,
                                        w.output_channels,
                                        output,
                                        output + count};
  make(rows.data, &pixels);
  eonc_limit_armv6m(output, count, p.clamp_min, p.clamp_max);
}

/** CONV_2D on int8, NHWC: all output rows, one after the other. */
template <eonc_pointwise_outputs_armv6m make>
static inline void eonc_conv_2d_s8_armv6m_pointwise(const eonc_conv_2d_s8_armv6m_pointwise_params &p,
                                                    const int8_t *input, uint32_t *scratch, int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_conv_2d_s8_armv6m_pointwise_row<make>(p, eonc_window_rows(w, input, 0, y), scratch, output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
