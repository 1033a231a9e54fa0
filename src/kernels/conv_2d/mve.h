#pragma once
#include "../common/mve_blocks.h"
#include "../common/mve_strip.h"

/** How columns get into a strip. The core reads it: the order counts. */
struct eonc_columns_mve {
  int32_t depth;           /* elements of a tap */
  int32_t column_distance; /* elements from one column of a phase to the next in the input */
  int32_t column_pitch;    /* the same in the strip */
  int32_t lanes;           /* elements of whole columns that go at once; 0 for one column after the other */
  int32_t lane_step;       /* elements of the strip that they go on */
  const int8_t *offsets;   /* 16: where they go from there, unsigned */
};

extern "C" {
void EONC_SYMBOL(conv_2d_s8_mve_columns)(int8_t *strip, const int8_t *input, int32_t columns,
                                         const eonc_columns_mve *shape);
}

/** Parameters of CONV_2D on int8 for the kernel set `mve`. */
struct eonc_conv_2d_s8_mve_params {
  const int32_t *stream; /* blocks of 4 output channels, then single ones: see README.md */
  eonc_window window;
  eonc_blocks_mve blocks;
  eonc_strip_mve strip;
  eonc_columns_mve columns;
  int16_t padding_value; /* what padded taps read: the input zero point */
  int16_t relu;          /* 1 when what is below the output zero point is cut off */
};

/** Lays out the windows of `pixels` output pixels, the first of which begins at column `first` of the input. */
static inline void eonc_conv_2d_s8_mve_strip(const eonc_conv_2d_s8_mve_params &p, const eonc_rows<int8_t> &rows,
                                             int32_t first, int32_t pixels, int8_t *strip) {
  const eonc_window &w = p.window;
  const int32_t columns = eonc_phase_columns_mve(p.strip, pixels);
  const int32_t pitch = w.filter_height * w.input_channels;
  if (eonc_is_padded_mve(w, rows.taps, first, pixels)) {
    EONC_SYMBOL(mve_set)(strip, columns * p.strip.phases * pitch, p.padding_value);
  }
  for (int32_t i = 0; i < p.strip.phases; ++i) {
    const eonc_phase_mve phase = eonc_phase_of_mve(p.strip, w, first, columns, i);
    const int32_t count = phase.columns.to - phase.columns.from;
    const int8_t *row = rows.data + phase.input * w.input_channels;
    int8_t *to = strip + phase.strip * pitch + rows.taps.from * w.input_channels;
    for (int32_t left = count > 0 ? rows.taps.to - rows.taps.from : 0; left > 0; --left) {
      EONC_SYMBOL(conv_2d_s8_mve_columns)(to, row, count, &p.columns);
      to += w.input_channels;
      row = eonc_next_row(rows, row);
    }
  }
}

/** One output row of CONV_2D, by a strip of its windows: writes output_width * output_channels elements. */
static inline void eonc_conv_2d_s8_mve_row(const eonc_conv_2d_s8_mve_params &p, const eonc_rows<int8_t> &rows,
                                           uint32_t *scratch, int8_t *output) {
  const eonc_window &w = p.window;
  int8_t *const strip = static_cast<int8_t *>(static_cast<void *>(scratch));
  int32_t first = -w.padding_left;
  for (int32_t left = w.output_width; left > 0; left -= p.strip.tile) {
    const int32_t pixels = left < p.strip.tile ? left : p.strip.tile;
    eonc_conv_2d_s8_mve_strip(p, rows, first, pixels, strip);
    eonc_vectors_mve(p.blocks, p.stream, p.relu != 0, strip, pixels, output);
    first += pixels * w.stride_width;
    output += pixels * w.output_channels;
  }
}

/** One output row of CONV_2D whose windows lie in the input as they are, so that it needs no scratch. */
static inline void eonc_conv_2d_s8_mve_row(const eonc_conv_2d_s8_mve_params &p, const eonc_rows<int8_t> &rows,
                                           int8_t *output) {
  eonc_vectors_mve(p.blocks, p.stream, p.relu != 0, rows.data, p.window.output_width, output);
}

/** CONV_2D on int8, NHWC, by strips of windows: all output rows, one after the other. */
static inline void eonc_conv_2d_s8_mve(const eonc_conv_2d_s8_mve_params &p, const int8_t *input, uint32_t *scratch,
                                       int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_conv_2d_s8_mve_row(p, eonc_window_rows(w, input, 0, y), scratch, output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}

/** CONV_2D on int8, NHWC, whose windows lie in the input as they are. */
static inline void eonc_conv_2d_s8_mve(const eonc_conv_2d_s8_mve_params &p, const int8_t *input, int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_conv_2d_s8_mve_row(p, eonc_window_rows(w, input, 0, y), output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
