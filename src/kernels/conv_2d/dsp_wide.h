#pragma once
#include "dsp.h"

extern "C" {
void EONC_SYMBOL(conv_2d_s8_dsp_wide_pair_linear)(const uint32_t *window, const uint32_t *end, const int32_t *stream,
                                                  int32_t blocks, int8_t *output, int32_t distance);
void EONC_SYMBOL(conv_2d_s8_dsp_wide_pair_relu)(const uint32_t *window, const uint32_t *end, const int32_t *stream,
                                                int32_t blocks, int8_t *output, int32_t distance);
void EONC_SYMBOL(conv_2d_s8_dsp_wide_single_linear)(const uint32_t *window, const uint32_t *end, const int32_t *stream,
                                                    int32_t blocks, int8_t *output);
void EONC_SYMBOL(conv_2d_s8_dsp_wide_single_relu)(const uint32_t *window, const uint32_t *end, const int32_t *stream,
                                                  int32_t blocks, int8_t *output);
}

/** Parameters of CONV_2D on int8 for the kernel set `dsp`, with biases and scales in words of their own. */
using eonc_conv_2d_s8_dsp_wide_params = eonc_conv_2d_s8_dsp_params;

/** The cores that read a bias and a scale of three words for each channel, with which they are faster. */
struct eonc_conv_2d_cores_dsp_wide {
  enum { words_of_block = 16 }; /* beside its weights */

  static inline void pair(const eonc_conv_2d_s8_dsp_params &p, const uint32_t *window, int32_t blocks, int8_t *output) {
    const uint32_t *const end = window + 2 * p.window_words;
    const int32_t channels = p.window.output_channels;
    if (p.relu != 0) {
      EONC_SYMBOL(conv_2d_s8_dsp_wide_pair_relu)(window, end, p.stream, blocks, output, channels);
    } else {
      EONC_SYMBOL(conv_2d_s8_dsp_wide_pair_linear)(window, end, p.stream, blocks, output, channels);
    }
  }

  static inline void single(const eonc_conv_2d_s8_dsp_params &p, const uint32_t *window, const int32_t *stream,
                            int32_t blocks, int8_t *output) {
    const uint32_t *const end = window + 2 * p.window_words;
    if (p.relu != 0) {
      EONC_SYMBOL(conv_2d_s8_dsp_wide_single_relu)(window, end, stream, blocks, output);
    } else {
      EONC_SYMBOL(conv_2d_s8_dsp_wide_single_linear)(window, end, stream, blocks, output);
    }
  }
};

/** One output row of CONV_2D: writes output_width * output_channels elements. */
static inline void eonc_conv_2d_s8_dsp_wide_row(const eonc_conv_2d_s8_dsp_params &p, const eonc_rows<int8_t> &rows,
                                                uint32_t *scratch, int8_t *output) {
  eonc_conv_2d_s8_dsp_row<eonc_conv_2d_cores_dsp_wide>(p, rows, scratch, output);
}

/** CONV_2D on int8, NHWC: all output rows, one after the other. */
static inline void eonc_conv_2d_s8_dsp_wide(const eonc_conv_2d_s8_dsp_params &p, const int8_t *input, uint32_t *scratch,
                                            int8_t *output) {
  eonc_conv_2d_s8_dsp<eonc_conv_2d_cores_dsp_wide>(p, input, scratch, output);
}
