#pragma once
#include "../common/armv6m.h"

/** Parameters of AVERAGE_POOL_2D on int8 for the kernel set `armv6m`: windows of at most 256 elements. */
struct eonc_average_pool_2d_s8_armv6m_params {
  eonc_window window;
  int16_t clamp_min;
  int16_t clamp_max;
};

/** Number of elements of a window, and 2^24 divided by it, rounded up: these processors do not divide. */
struct eonc_average_armv6m {
  int32_t count;
  uint32_t reciprocal;
};

/** The mean of a window, rounded half away from zero. Exact as long as 129 * count^2 < 2^24. */
static inline int32_t eonc_mean_armv6m(const eonc_average_armv6m &average, int32_t sum) {
  const int32_t magnitude = (sum < 0 ? -sum : sum) + (average.count >> 1);
  const int32_t mean = static_cast<int32_t>(static_cast<uint32_t>(magnitude) * average.reciprocal >> 24);
  return sum < 0 ? -mean : mean;
}

/** Four bytes at an address that is a multiple of 4. */
static inline uint32_t eonc_load_aligned_armv6m(const int8_t *bytes) {
  uint32_t word;
  memcpy(&word, __builtin_assume_aligned(bytes, 4), sizeof word);
  return word;
}

/**
 * Means of four channels of a window. Bytes are made unsigned, by 128 more, so that half words hold the sums of two of
 * them: at most 256 * 255.
 */
static inline void eonc_average_pool_2d_s8_armv6m_4(const eonc_average_pool_2d_s8_armv6m_params &p,
                                                    const eonc_rows<int8_t> &rows, eonc_runs runs, const int8_t *input,
                                                    const eonc_average_armv6m &average, int8_t *output) {
  const int32_t channels = p.window.input_channels;
  uint32_t all = 0;
  uint32_t odd = 0;
  for (int32_t run = 0; run < runs.count; ++run, input = eonc_next_row(rows, input)) {
    const int8_t *const end = input + runs.taps * channels;
    for (const int8_t *tap = input; tap != end; tap += channels) {
      const uint32_t word = eonc_load_aligned_armv6m(tap) ^ 0x80808080u;
      all += word;
      odd += word >> 8 & 0x00ff00ffu;
    }
  }
  uint32_t even = all - (odd << 8);
  for (int32_t i = 0; i < 4; i += 2, even >>= 16, odd >>= 16) {
    const int32_t excess = 128 * average.count;
    const int32_t first = eonc_mean_armv6m(average, static_cast<int32_t>(even & 0xffffu) - excess);
    const int32_t second = eonc_mean_armv6m(average, static_cast<int32_t>(odd & 0xffffu) - excess);
    output[i] = eonc_clamp_s8(first, p.clamp_min, p.clamp_max);
    output[i + 1] = eonc_clamp_s8(second, p.clamp_min, p.clamp_max);
  }
}

/** The output of one window: `input` is its first tap inside. */
static inline void eonc_average_pool_2d_s8_armv6m_window(const eonc_average_pool_2d_s8_armv6m_params &p,
                                                         const eonc_rows<int8_t> &rows, eonc_taps columns,
                                                         const int8_t *input, const eonc_average_armv6m &average,
                                                         int8_t *output) {
  const int32_t channels = p.window.input_channels;
  const eonc_runs runs = eonc_window_runs(rows, columns, channels);
  int32_t channel = 0;
  if (((reinterpret_cast<uintptr_t>(input) | static_cast<uintptr_t>(channels)) & 3u) == 0u) {
    for (; channel < channels; channel += 4) {
      eonc_average_pool_2d_s8_armv6m_4(p, rows, runs, input + channel, average, output + channel);
    }
  }
  for (; channel < channels; ++channel) {
    const int8_t *row = input + channel;
    int32_t sum = 0;
    for (int32_t run = 0; run < runs.count; ++run, row = eonc_next_row(rows, row)) {
      const int8_t *const end = row + runs.taps * channels;
      for (const int8_t *tap = row; tap != end; tap += channels) {
        sum += *tap;
      }
    }
    output[channel] = eonc_clamp_s8(eonc_mean_armv6m(average, sum), p.clamp_min, p.clamp_max);
  }
}

/** One output row of AVERAGE_POOL_2D: writes output_width * output_channels elements. */
static inline void eonc_average_pool_2d_s8_armv6m_row(const eonc_average_pool_2d_s8_armv6m_params &p,
                                                      const eonc_rows<int8_t> &rows, int8_t *output) {
  const eonc_window &w = p.window;
  eonc_average_armv6m average = {0, 0};
  int32_t first = -w.padding_left;
  for (int32_t x = 0; x < w.output_width; ++x, first += w.stride_width, output += w.output_channels) {
    const eonc_taps columns = eonc_valid_taps(first, 1, w.filter_width, w.input_width);
    const int8_t *const input = rows.data + eonc_first_position(first, 1, columns) * w.input_channels;
    const int32_t count = (rows.taps.to - rows.taps.from) * (columns.to - columns.from);
    if (count != average.count) {
      average.count = count;
      average.reciprocal = static_cast<uint32_t>(eonc_quotient((INT32_C(1) << 24) - 1, count)) + 1u;
    }
    eonc_average_pool_2d_s8_armv6m_window(p, rows, columns, input, average, output);
  }
}

/** AVERAGE_POOL_2D on int8, NHWC: all output rows, one after the other. */
static inline void eonc_average_pool_2d_s8_armv6m(const eonc_average_pool_2d_s8_armv6m_params &p, const int8_t *input,
                                                  int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_average_pool_2d_s8_armv6m_row(p, eonc_window_rows(w, input, 0, y), output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
