#pragma once
#include "../common/dsp.h"

extern "C" {
void EONC_SYMBOL(conv_2d_s8_dsp_pair)(const uint32_t *window, const uint32_t *end, const int32_t *stream,
                                      int32_t blocks, int8_t *output, int32_t distance, int32_t odd, int32_t relu);
void EONC_SYMBOL(conv_2d_s8_dsp_single)(const uint32_t *window, const uint32_t *end, const int32_t *stream,
                                        int32_t blocks, int8_t *output, int32_t odd);
}

/** Parameters of CONV_2D on int8 for the kernel set `dsp`. */
struct eonc_conv_2d_s8_dsp_params {
  const int32_t *stream; /* in blocks of 4 output channels: see README.md */
  eonc_window window;
  int32_t window_words; /* words of a window that holds two inputs in each: a multiple of 4 */
  int16_t odd;          /* twice the output zero point and 1; nothing to a stream of wide scales */
  int8_t padding_value; /* what padded taps read: the input zero point */
  int8_t clamp_min;
  int8_t clamp_max;
  int8_t relu; /* 1 when what is below the output zero point is cut off */
};

/**
 * Where the inputs of one window go: groups of four as words of bytes 0, 2 and 1, 3, then the rest of each run of
 * inputs that lie side by side, half a word each. Two windows lie word by word beside each other.
 */
struct eonc_gather_dsp {
  uint32_t *groups;
  uint16_t *rest; /* the next half word; every second word is the other window's */
};

/** Appends one input to the rest. */
static inline void eonc_gather_one(eonc_gather_dsp &to, int32_t input) {
  *to.rest = static_cast<uint16_t>(input);
  to.rest += (reinterpret_cast<uintptr_t>(to.rest) & 2u) == 0u ? 1 : 3;
}

/** Appends `count` inputs of each row, all of them inside; `row` is the first one of the first row. */
static inline void eonc_gather_rows(eonc_gather_dsp &gather, const eonc_rows<int8_t> &rows, const int8_t *row,
                                    int32_t count) {
  eonc_gather_dsp to = gather;
  for (int32_t left = rows.taps.to - rows.taps.from; left > 0; --left) {
    const int8_t *input = row;
    int32_t groups = count >> 2;
    if (groups != 0) {
      uint32_t bytes;
      uint32_t halves;
      __asm__ volatile(
          "1:\n\t"
          "ldr %[bytes], [%[input]], #4\n\t"
          "sxtb16 %[halves], %[bytes]\n\t"
          "str %[halves], [%[to]], #8\n\t"
          "sxtb16 %[halves], %[bytes], ror #8\n\t"
          "str %[halves], [%[to]], #8\n\t"
          "subs %[groups], %[groups], #1\n\t"
          "bne 1b"
          : [bytes] "=&r"(bytes), [halves] "=&r"(halves), [input] "+&r"(input), [to] "+&r"(to.groups),
            [groups] "+&r"(groups)
          :
          : "memory", "cc");
    }
    for (int32_t rest = count & 3; rest != 0; --rest) {
      eonc_gather_one(to, *input++);
    }
    row += rows.distance;
    if (row >= rows.end) {
      row -= rows.ring;
    }
  }
  gather = to;
}

/**
 * Four inputs from index `at` on, of which only those from 0 up to `count` are there, and the others read `padding`; at
 * least one is.
 */
__attribute__((noinline, unused)) static uint32_t eonc_load_some(const int8_t *input, int32_t at, int32_t count,
                                                                 uint32_t padding) {
  uint32_t bytes = padding;
  if (count >= 4) { /* those at either end, moved to their places */
    const int32_t last = at < 0 ? 0 : count - 4;
    const int32_t shift = 8 * (at < 0 ? -at : at - last);
    const uint32_t four = eonc_load_4(input + last);
    const uint32_t inside = at < 0 ? 0xffffffffu << shift : 0xffffffffu >> shift;
    return (at < 0 ? four << shift : four >> shift) | (padding & (inside ^ 0xffffffffu));
  }
  for (int32_t i = at < 0 ? 0 : at; i < count && i < at + 4; ++i) {
    const int32_t shift = 8 * (i - at);
    bytes &= (0xffu << shift) ^ 0xffffffffu;
    bytes |= static_cast<uint32_t>(static_cast<uint8_t>(input[i])) << shift;
  }
  return bytes;
}

/** Appends `count` inputs, of which only those from `from` up to `to` lie inside; `input` is the one at `from`. */
__attribute__((noinline, unused)) static void eonc_gather_padded(eonc_gather_dsp &gather, const int8_t *input,
                                                                 int32_t from, int32_t to, int32_t count,
                                                                 int32_t padding_value) {
  const uint32_t padding = static_cast<uint8_t>(padding_value) * 0x01010101u;
  int32_t at = 0;
  for (; at + 4 <= count; at += 4, gather.groups += 4) {
    uint32_t bytes = padding;
    if (at >= from && at + 4 <= to) {
      bytes = eonc_load_4(input + (at - from));
    } else if (at + 4 > from && at < to) { /* some are inside */
      bytes = eonc_load_some(input, at - from, to - from, padding);
    }
    gather.groups[0] = eonc_sxtb16(bytes);
    gather.groups[2] = eonc_sxtb16_odd(bytes);
  }
  for (; at < count; ++at) {
    eonc_gather_one(gather, at >= from && at < to ? input[at - from] : padding_value);
  }
}

/** Gathers one row of a window of which not all taps lie inside, or whose taps do not lie side by side. */
__attribute__((noinline, unused)) static void eonc_gather_row(eonc_gather_dsp &gather,
                                                              const eonc_conv_2d_s8_dsp_params &p, eonc_taps columns,
                                                              const int8_t *row) {
  const eonc_window &w = p.window;
  const int32_t depth = w.input_channels;
  if (w.dilation_width == 1) {
    eonc_gather_padded(gather, row, columns.from * depth, columns.to * depth, w.filter_width * depth, p.padding_value);
    return;
  }
  for (int32_t kx = 0; kx < w.filter_width; ++kx) {
    const bool inside = kx >= columns.from && kx < columns.to;
    eonc_gather_padded(gather, row, 0, inside ? depth : 0, depth, p.padding_value);
    row += inside ? w.dilation_width * depth : 0;
  }
}

/** Gathers the window whose first column is `first`; `scratch` is one word further for the second pixel of a pair. */
__attribute__((noinline, unused)) static void eonc_gather_window(const eonc_conv_2d_s8_dsp_params &p,
                                                                 const eonc_rows<int8_t> &rows, int32_t first,
                                                                 uint32_t *scratch) {
  const eonc_window &w = p.window;
  const int32_t depth = w.input_channels;
  const bool joined = w.dilation_width == 1; /* taps that follow one another lie side by side */
  const int32_t run = joined ? w.filter_width * depth : depth;
  const int32_t runs = joined ? w.filter_height : w.filter_height * w.filter_width;
  const eonc_taps columns = eonc_columns_dsp(w, first);
  const eonc_taps outside = {0, 0};
  const int8_t *row = rows.data + eonc_first_position(first, w.dilation_width, columns) * depth;
  eonc_gather_dsp gather = {scratch, nullptr};
  gather.rest = static_cast<uint16_t *>(static_cast<void *>(scratch + runs * (run - run % 4)));
  for (int32_t ky = 0; ky < rows.taps.from; ++ky) {
    eonc_gather_row(gather, p, outside, row);
  }
  if (joined && columns.to - columns.from == w.filter_width) {
    eonc_gather_rows(gather, rows, row, run);
  } else {
    for (int32_t left = rows.taps.to - rows.taps.from; left > 0; --left, row = eonc_next_row(rows, row)) {
      eonc_gather_row(gather, p, columns, row);
    }
  }
  for (int32_t ky = rows.taps.to; ky < w.filter_height; ++ky) {
    eonc_gather_row(gather, p, outside, row);
  }
}

/** Two inputs as a word, or the last one. */
static inline uint32_t eonc_input_pair(const int8_t *input, int32_t count) {
  const uint32_t second = count > 1 ? static_cast<uint32_t>(input[1]) << 16 : 0u;
  return static_cast<uint16_t>(input[0]) | second;
}

/** Gathers two pixels side by side: all that a convolution of 1x1 needs. */
__attribute__((noinline, unused)) static void eonc_gather_pixels(uint32_t *words, const int8_t *first,
                                                                 const int8_t *second, int32_t depth) {
  for (int32_t left = depth >> 2; left != 0; --left) {
    uint32_t a;
    uint32_t b;
    uint32_t c;
    uint32_t d;
    __asm__ volatile(
        "ldr %[a], [%[first]], #4\n\t"
        "ldr %[b], [%[second]], #4\n\t"
        "sxtb16 %[c], %[a]\n\t"
        "sxtb16 %[d], %[b]\n\t"
        "strd %[c], %[d], [%[words]], #8\n\t"
        "sxtb16 %[c], %[a], ror #8\n\t"
        "sxtb16 %[d], %[b], ror #8\n\t"
        "strd %[c], %[d], [%[words]], #8"
        : [a] "=&r"(a), [b] "=&r"(b), [c] "=&r"(c), [d] "=&r"(d), [first] "+&r"(first), [second] "+&r"(second),
          [words] "+&r"(words)
        :
        : "memory");
  }
  for (int32_t left = depth & 3; left > 0; left -= 2, first += 2, second += 2, words += 2) {
    words[0] = eonc_input_pair(first, left);
    words[1] = eonc_input_pair(second, left);
  }
}

/** The cores that read a scale of two words for each channel. */
struct eonc_conv_2d_cores_dsp {
  enum { words_of_block = 8 }; /* beside its weights */

  static inline void pair(const eonc_conv_2d_s8_dsp_params &p, const uint32_t *window, int32_t blocks, int8_t *output) {
    EONC_SYMBOL(conv_2d_s8_dsp_pair)
    (window, window + 2 * p.window_words, p.stream, blocks, output, p.window.output_channels, p.odd, p.relu);
  }

  static inline void single(const eonc_conv_2d_s8_dsp_params &p, const uint32_t *window, const int32_t *stream,
                            int32_t blocks, int8_t *output) {
    EONC_SYMBOL(conv_2d_s8_dsp_single)(window, window + 2 * p.window_words, stream, blocks, output, p.odd);
  }
};

/** The outputs of a pair of pixels, or of a single one, whose windows are in `scratch`. */
template <typename Cores>
__attribute__((noinline)) static void eonc_conv_2d_s8_dsp_outputs(const eonc_conv_2d_s8_dsp_params &p,
                                                                  const uint32_t *scratch, bool pair, int8_t *output) {
  const int32_t channels = p.window.output_channels;
  const int32_t blocks = channels / 4;
  const int32_t rest = channels % 4;
  if (blocks > 0 && pair) {
    Cores::pair(p, scratch, blocks, output);
  } else if (blocks > 0) {
    Cores::single(p, scratch, p.stream, blocks, output);
  }
  if (rest > 0) { /* a block of which only some channels exist */
    const int32_t *const last = p.stream + blocks * (2 * p.window_words + Cores::words_of_block);
    for (int32_t pixel = 0; pixel < (pair ? 2 : 1); ++pixel) {
      int8_t block[4];
      Cores::single(p, scratch + pixel, last, 1, block);
      int8_t *const last_outputs = output + pixel * channels + 4 * blocks;
      last_outputs[0] = block[0];
      if (rest > 1) {
        last_outputs[1] = block[1];
      }
      if (rest > 2) {
        last_outputs[2] = block[2];
      }
    }
  }
}

/** `pixels` outputs of a convolution of 1x1 without padding. */
template <typename Cores>
static inline void eonc_conv_2d_s8_dsp_pixels(const eonc_conv_2d_s8_dsp_params &p, const int8_t *input, int32_t pixels,
                                              uint32_t *scratch, int8_t *output) {
  const int32_t step = p.window.stride_width * p.window.input_channels;
  const int32_t channels = p.window.output_channels;
  for (; pixels > 0; pixels -= 2, input += 2 * step, output += 2 * channels) {
    const bool pair = pixels > 1;
    eonc_gather_pixels(scratch, input, pair ? input + step : input, p.window.input_channels);
    eonc_conv_2d_s8_dsp_outputs<Cores>(p, scratch, pair, output);
  }
}

/** One output row of CONV_2D: writes output_width * output_channels elements. */
template <typename Cores = eonc_conv_2d_cores_dsp>
static inline void eonc_conv_2d_s8_dsp_row(const eonc_conv_2d_s8_dsp_params &p, const eonc_rows<int8_t> &rows,
                                           uint32_t *scratch, int8_t *output) {
  const eonc_window &w = p.window;
  const int32_t elements = w.output_width * w.output_channels;
  if (eonc_is_pointwise(w) && rows.taps.from < rows.taps.to) {
    eonc_conv_2d_s8_dsp_pixels<Cores>(p, rows.data, w.output_width, scratch, output);
  } else {
    int8_t *outputs = output;
    int32_t first = -w.padding_left;
    for (int32_t x = 0; x < w.output_width; x += 2) {
      const bool pair = x + 1 < w.output_width;
      eonc_gather_window(p, rows, first, scratch);
      first += w.stride_width;
      if (pair) {
        eonc_gather_window(p, rows, first, scratch + 1);
        first += w.stride_width;
      }
      eonc_conv_2d_s8_dsp_outputs<Cores>(p, scratch, pair, outputs);
      outputs += 2 * w.output_channels;
    }
  }
  eonc_limit_dsp(output, elements, p.clamp_min, p.clamp_max);
}

/** CONV_2D on int8, NHWC: all output rows, one after the other. */
template <typename Cores = eonc_conv_2d_cores_dsp>
static inline void eonc_conv_2d_s8_dsp(const eonc_conv_2d_s8_dsp_params &p, const int8_t *input, uint32_t *scratch,
                                       int8_t *output) {
  const eonc_window &w = p.window;
  const bool flat = eonc_is_pointwise(w) && w.stride_width == 1 && w.stride_height == 1 && w.padding_top == 0 &&
                    w.output_width == w.input_width && w.output_height == w.input_height;
  if (flat) { /* so that pairs of pixels run over the ends of rows */
    const int32_t pixels = w.batches * w.output_height * w.output_width;
    eonc_conv_2d_s8_dsp_pixels<Cores>(p, input, pixels, scratch, output);
    eonc_limit_dsp(output, pixels * w.output_channels, p.clamp_min, p.clamp_max);
    return;
  }
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_conv_2d_s8_dsp_row<Cores>(p, eonc_window_rows(w, input, 0, y), scratch, output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
