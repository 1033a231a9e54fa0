#pragma once
#include "../common/dsp.h"

/** Parameters of AVERAGE_POOL_2D on int8 for the kernel set `dsp`: windows of at most 256 elements. */
struct eonc_average_pool_2d_s8_dsp_params {
  eonc_window window;
  int16_t clamp_min;
  int16_t clamp_max;
};

/** Adds four bytes to sums of channels 0 and 2, and of channels 1 and 3, in half words. */
static inline void eonc_average_pool_2d_s8_dsp_add(uint32_t bytes, uint32_t &even, uint32_t &odd) {
  __asm__("sxtab16 %0, %0, %1" : "+r"(even) : "r"(bytes));
  __asm__("sxtab16 %0, %0, %1, ror #8" : "+r"(odd) : "r"(bytes));
}

/** The mean of `count` elements, rounded half away from zero. */
static inline int8_t eonc_average_pool_2d_s8_dsp_mean(const eonc_average_pool_2d_s8_dsp_params &p, int32_t sum,
                                                      int32_t count) {
  const int32_t mean = (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
  return eonc_clamp_s8(mean, p.clamp_min, p.clamp_max);
}

/** The output of one window: `input` is its first tap inside. */
static inline void eonc_average_pool_2d_s8_dsp_window(const eonc_average_pool_2d_s8_dsp_params &p,
                                                      const eonc_rows<int8_t> &rows, eonc_taps columns,
                                                      const int8_t *input, int8_t *output) {
  const int32_t channels = p.window.input_channels;
  const eonc_runs runs = eonc_window_runs(rows, columns, channels);
  const int32_t count = (rows.taps.to - rows.taps.from) * (columns.to - columns.from);
  int32_t channel = 0;
  for (; channel + 4 <= channels; channel += 4, input += 4, output += 4) {
    const int8_t *row = input;
    uint32_t even = 0;
    uint32_t odd = 0;
    for (int32_t run = 0; run < runs.count; ++run, row = eonc_next_row(rows, row)) {
      const int8_t *const pairs = row + (runs.taps & -2) * channels;
      for (const int8_t *tap = row; tap != pairs; tap += 2 * channels) {
        eonc_average_pool_2d_s8_dsp_add(eonc_load_4(tap), even, odd);
        eonc_average_pool_2d_s8_dsp_add(eonc_load_4(tap + channels), even, odd);
      }
      if ((runs.taps & 1) != 0) {
        eonc_average_pool_2d_s8_dsp_add(eonc_load_4(pairs), even, odd);
      }
    }
    output[0] = eonc_average_pool_2d_s8_dsp_mean(p, static_cast<int16_t>(even), count);
    output[1] = eonc_average_pool_2d_s8_dsp_mean(p, static_cast<int16_t>(odd), count);
    output[2] = eonc_average_pool_2d_s8_dsp_mean(p, static_cast<int32_t>(even) >> 16, count);
    output[3] = eonc_average_pool_2d_s8_dsp_mean(p, static_cast<int32_t>(odd) >> 16, count);
  }
  for (; channel < channels; ++channel, ++input, ++output) {
    const int8_t *row = input;
    int32_t sum = 0;
    for (int32_t run = 0; run < runs.count; ++run, row = eonc_next_row(rows, row)) {
      const int8_t *const end = row + runs.taps * channels;
      for (const int8_t *tap = row; tap != end; tap += channels) {
        sum += *tap;
      }
    }
    *output = eonc_average_pool_2d_s8_dsp_mean(p, sum, count);
  }
}

/** One output row of AVERAGE_POOL_2D: writes output_width * output_channels elements. */
static inline void eonc_average_pool_2d_s8_dsp_row(const eonc_average_pool_2d_s8_dsp_params &p,
                                                   const eonc_rows<int8_t> &rows, int8_t *output) {
  const eonc_window &w = p.window;
  int32_t first = -w.padding_left;
  for (int32_t x = 0; x < w.output_width; ++x, first += w.stride_width, output += w.output_channels) {
    const eonc_taps columns = eonc_valid_taps(first, 1, w.filter_width, w.input_width);
    const int8_t *const input = rows.data + eonc_first_position(first, 1, columns) * w.input_channels;
    eonc_average_pool_2d_s8_dsp_window(p, rows, columns, input, output);
  }
}

/** AVERAGE_POOL_2D on int8, NHWC: all output rows, one after the other. */
static inline void eonc_average_pool_2d_s8_dsp(const eonc_average_pool_2d_s8_dsp_params &p, const int8_t *input,
                                               int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_average_pool_2d_s8_dsp_row(p, eonc_window_rows(w, input, 0, y), output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
