#pragma once
/* Windows of a convolution as the words that the kernel set `armv6m` multiplies. */
#include "../common/armv6m_dot.h"

/** Gathers a run of `count` inputs of which those between `from` and `to` lie inside, from `input` on. */
static inline void eonc_gather_padded(eonc_gather_armv6m &gather, const int8_t *input, int32_t from, int32_t to,
                                      int32_t count, int32_t padding_value) {
  const uint32_t padding = static_cast<uint32_t>(padding_value) * 0x10001u;
  int32_t at = 0;
  for (; at + 4 <= count; at += 4) {
    if (at >= from && at + 4 <= to) {
      eonc_gather_run(gather, input + at - from, 4);
      continue;
    }
    uint32_t words[2] = {padding, padding};
    for (int32_t i = at < from ? from : at; i < to && i < at + 4; ++i) {
      const uint32_t change = static_cast<uint32_t>(input[i - from] - padding_value);
      words[i & 1] += (i & 2) != 0 ? change << 16 : change;
    }
    gather.groups[0] = words[0];
    gather.groups[gather.step] = words[1];
    gather.groups += 2 * gather.step;
  }
  for (; at < count; ++at) {
    eonc_gather_one(gather, at >= from && at < to ? input[at - from] : padding_value);
  }
}

/** Gathers one row of a window of which not all taps lie inside, or whose taps do not lie side by side. */
__attribute__((noinline, unused)) static void eonc_gather_row(eonc_gather_armv6m &gather, const eonc_window &w,
                                                              int32_t padding_value, eonc_taps columns,
                                                              const int8_t *row) {
  const int32_t depth = w.input_channels;
  if (w.dilation_width == 1) {
    eonc_gather_padded(gather, row, columns.from * depth, columns.to * depth, w.filter_width * depth, padding_value);
    return;
  }
  for (int32_t kx = 0; kx < w.filter_width; ++kx) {
    const bool inside = kx >= columns.from && kx < columns.to;
    eonc_gather_padded(gather, row, 0, inside ? depth : 0, depth, padding_value);
    row += inside ? w.dilation_width * depth : 0;
  }
}

/** Gathers the window whose first column is `first` into words that are `step` apart. */
__attribute__((noinline, unused)) static void eonc_gather_window(const eonc_window &w, int32_t padding_value,
                                                                 const eonc_rows<int8_t> &rows, int32_t first,
                                                                 uint32_t *words, int32_t step) {
  const int32_t depth = w.input_channels;
  const bool joined = w.dilation_width == 1; /* taps that follow one another lie side by side */
  const int32_t run = joined ? w.filter_width * depth : depth;
  const int32_t runs = joined ? w.filter_height : w.filter_height * w.filter_width;
  const eonc_taps columns = eonc_valid_taps(first, w.dilation_width, w.filter_width, w.input_width);
  const eonc_taps outside = {0, 0};
  const int8_t *row = rows.data + eonc_first_position(first, w.dilation_width, columns) * depth;
  eonc_gather_armv6m gather = {words, words + runs * (run >> 2) * 2 * step, step, false};
  for (int32_t ky = 0; ky < rows.taps.from; ++ky) {
    eonc_gather_row(gather, w, padding_value, outside, row);
  }
  const bool whole = joined && columns.to - columns.from == w.filter_width;
  int32_t left = rows.taps.to - rows.taps.from;
  if (whole && run % 4 == 0 && left > 0) {
    gather.groups =
        EONC_SYMBOL(armv6m_widen)(gather.groups, row, run >> 2, 4 * step, left, rows.distance, rows.end, rows.ring);
    left = 0;
  }
  for (; left > 0; --left, row = eonc_next_row(rows, row)) {
    if (whole) {
      eonc_gather_run(gather, row, run);
    } else {
      eonc_gather_row(gather, w, padding_value, columns, row);
    }
  }
  for (int32_t ky = rows.taps.to; ky < w.filter_height; ++ky) {
    eonc_gather_row(gather, w, padding_value, outside, row);
  }
}
