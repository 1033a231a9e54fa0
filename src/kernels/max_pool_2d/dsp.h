#pragma once
#include "../common/dsp.h"

/** Parameters of MAX_POOL_2D on int8 for the kernel set `dsp`. */
struct eonc_max_pool_2d_s8_dsp_params {
  eonc_window window;
  int16_t clamp_min;
  int16_t clamp_max;
};

/** The larger of each of four bytes. */
static inline uint32_t eonc_max_pool_2d_s8_dsp_larger(uint32_t a, uint32_t b) {
  uint32_t result;
  __asm__("ssub8 %0, %1, %2\n\tsel %0, %1, %2" : "=&r"(result) : "r"(a), "r"(b));
  return result;
}

/** The output of one window: `input` is its first tap inside. */
static inline void eonc_max_pool_2d_s8_dsp_window(const eonc_max_pool_2d_s8_dsp_params &p,
                                                  const eonc_rows<int8_t> &rows, eonc_taps columns, const int8_t *input,
                                                  int8_t *output) {
  const int32_t channels = p.window.input_channels;
  const int32_t width = (columns.to - columns.from) * channels;
  int32_t channel = 0;
  for (; channel + 4 <= channels; channel += 4, input += 4, output += 4) {
    const int8_t *row = input;
    uint32_t max = 0x80808080u;
    for (int32_t ky = rows.taps.from; ky < rows.taps.to; ++ky, row = eonc_next_row(rows, row)) {
      const int8_t *const end = row + width;
      for (const int8_t *tap = row; tap != end; tap += channels) {
        max = eonc_max_pool_2d_s8_dsp_larger(max, eonc_load_4(tap));
      }
    }
    memcpy(output, &max, sizeof max);
  }
  for (; channel < channels; ++channel, ++input, ++output) {
    const int8_t *row = input;
    int32_t max = -128;
    for (int32_t ky = rows.taps.from; ky < rows.taps.to; ++ky, row = eonc_next_row(rows, row)) {
      const int8_t *const end = row + width;
      for (const int8_t *tap = row; tap != end; tap += channels) {
        max = *tap > max ? *tap : max;
      }
    }
    *output = static_cast<int8_t>(max);
  }
}

/** One output row of MAX_POOL_2D: writes output_width * output_channels elements. */
static inline void eonc_max_pool_2d_s8_dsp_row(const eonc_max_pool_2d_s8_dsp_params &p, const eonc_rows<int8_t> &rows,
                                               int8_t *output) {
  const eonc_window &w = p.window;
  int8_t *outputs = output;
  int32_t first = -w.padding_left;
  for (int32_t x = 0; x < w.output_width; ++x, first += w.stride_width, outputs += w.output_channels) {
    const eonc_taps columns = eonc_valid_taps(first, 1, w.filter_width, w.input_width);
    const int8_t *const input = rows.data + eonc_first_position(first, 1, columns) * w.input_channels;
    eonc_max_pool_2d_s8_dsp_window(p, rows, columns, input, outputs);
  }
  eonc_limit_dsp(output, w.output_width * w.output_channels, p.clamp_min, p.clamp_max);
}

/** MAX_POOL_2D on int8, NHWC: all output rows, one after the other. */
static inline void eonc_max_pool_2d_s8_dsp(const eonc_max_pool_2d_s8_dsp_params &p, const int8_t *input,
                                           int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_max_pool_2d_s8_dsp_row(p, eonc_window_rows(w, input, 0, y), output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
