#pragma once
/*
 * Windows as vectors, for the kernel set `mve`: the columns of a row of windows, tap below tap, lie one after the other
 * in a strip, the padding included. So each window is a vector, and windows that overlap share what they have in
 * common.
 */
#include "mve.h"
#include "window.h"

/**
 * What lies in a strip. Where taps lie side by side and windows overlap, its columns are those of the input, and there
 * is
 * one phase; otherwise each window has columns of its own, and a phase is the columns of one tap in all windows.
 */
struct eonc_strip_mve {
  int32_t tile;            /* most output pixels at a time */
  int32_t phases;          /* 1, or the filter's width */
  int32_t phase_step;      /* from one column of a phase to the next in the input */
  int32_t pixel_columns;   /* columns of a phase that a further pixel takes */
  int32_t overlap_columns; /* those that the last pixel takes besides */
};

/** Columns of a phase for `pixels` output pixels. */
static inline int32_t eonc_phase_columns_mve(const eonc_strip_mve &strip, int32_t pixels) {
  return pixels * strip.pixel_columns + strip.overlap_columns;
}

/** The columns of a phase that lie inside the input. */
struct eonc_phase_mve {
  eonc_taps columns; /* of the phase */
  int32_t input;     /* column of the input that is the first one */
  int32_t strip;     /* column of the strip that it is */
};

/** Columns of a phase for `pixels` output pixels. */
static inline int32_t eonc_phase_columns_mve(const eonc_strip_mve &strip, const eonc_window &w, int32_t pixels) {
  return strip.phases == 1 ? (pixels - 1) * w.stride_width + w.filter_width : pixels;
}

/** The columns of a phase of windows the first of which begins at column `first` of the input. */
static inline eonc_phase_mve eonc_phase_of_mve(const eonc_strip_mve &strip, const eonc_window &w, int32_t first,
                                               int32_t columns, int32_t phase) {
  eonc_phase_mve result;
  first += phase * w.dilation_width;
  result.columns = eonc_valid_taps(first, strip.phase_step, columns, w.input_width);
  result.input = eonc_first_position(first, strip.phase_step, result.columns);
  result.strip = result.columns.from * strip.phases + phase;
  return result;
}

/** Whether windows of `pixels` output pixels, the first at column `first`, reach into the padding. */
static inline bool eonc_is_padded_mve(const eonc_window &w, eonc_taps rows, int32_t first, int32_t pixels) {
  const int32_t reach = (pixels - 1) * w.stride_width + (w.filter_width - 1) * w.dilation_width;
  return rows.to - rows.from < w.filter_height || first < 0 || first + reach >= w.input_width;
}
