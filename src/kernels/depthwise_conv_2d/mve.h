#pragma once
#include "../common/mve_strip.h"

/** How windows of one channel each lie in a strip. The cores read it: the order counts. */
struct eonc_depthwise_mve {
  int32_t taps;           /* of a window */
  int32_t strip_distance; /* elements from one channel to the next in the strip */
  int32_t pixel_step;     /* from one window to the next */
  int32_t output_step;    /* channels: elements from one output pixel to the next */
  int32_t output_zero_point;
  int32_t column_distance; /* elements from one column of a phase to the next in the input */
  int32_t column_pitch;    /* the same in the strip */
};

/** Channels that are computed together: what their outputs are made with, beginning at the first one. */
struct eonc_depthwise_group_mve {
  const int32_t *bias;
  const int32_t *multiplier;
  const int8_t *shift;
  const int8_t *weights; /* [channel][tap] */
  int32_t channels;      /* 4 to 16 */
  int32_t pixels;
};

extern "C" {
void EONC_SYMBOL(depthwise_conv_2d_s8_mve_columns)(int8_t *strip, const int8_t *input, int32_t columns,
                                                   const eonc_depthwise_mve *shape, int32_t channels);
void EONC_SYMBOL(depthwise_conv_2d_s8_mve_linear)(const int8_t *strip, int8_t *output,
                                                  const eonc_depthwise_group_mve *group,
                                                  const eonc_depthwise_mve *shape);
void EONC_SYMBOL(depthwise_conv_2d_s8_mve_relu)(const int8_t *strip, int8_t *output,
                                                const eonc_depthwise_group_mve *group, const eonc_depthwise_mve *shape);
void EONC_SYMBOL(depthwise_conv_2d_s8_mve_large)(const int8_t *strip, int8_t *output,
                                                 const eonc_depthwise_group_mve *group,
                                                 const eonc_depthwise_mve *shape);
}

/** Most channels that are computed together. */
static const int32_t eonc_depthwise_lanes_mve = 16;

/** Parameters of DEPTHWISE_CONV_2D on int8 for the kernel set `mve`: each channel from the same one of the input. */
struct eonc_depthwise_conv_2d_s8_mve_params {
  const int8_t *weights; /* [channel][tap], column by column */
  const int32_t *bias;   /* for each channel, as are the others */
  const int32_t *multiplier;
  const int8_t *shift;
  eonc_window window;
  eonc_strip_mve strip;
  eonc_depthwise_mve shape;
  int16_t padding_value; /* what padded taps read: the input zero point */
  int16_t clamp_min;
  int16_t clamp_max;
  int16_t relu; /* 1 when what is below the output zero point is cut off */
};

/** Lays out the windows of some channels; the padding is there. `first` is the first window's first column. */
static inline void eonc_depthwise_conv_2d_s8_mve_strip(const eonc_depthwise_conv_2d_s8_mve_params &p,
                                                       const eonc_rows<int8_t> &rows, int32_t first, int32_t columns,
                                                       int32_t channel, int32_t channels, int8_t *strip) {
  const eonc_window &w = p.window;
  for (int32_t i = 0; i < p.strip.phases; ++i) {
    const eonc_phase_mve phase = eonc_phase_of_mve(p.strip, w, first, columns, i);
    const int32_t count = phase.columns.to - phase.columns.from;
    const int8_t *row = rows.data + phase.input * w.input_channels + channel;
    int8_t *to = strip + phase.strip * w.filter_height + rows.taps.from;
    for (int32_t left = count > 0 ? rows.taps.to - rows.taps.from : 0; left > 0; --left, ++to) {
      EONC_SYMBOL(depthwise_conv_2d_s8_mve_columns)(to, row, count, &p.shape, channels);
      row = eonc_next_row(rows, row);
    }
  }
}

/** The outputs of some channels whose windows are in a strip. */
static inline void eonc_depthwise_conv_2d_s8_mve_outputs(const eonc_depthwise_conv_2d_s8_mve_params &p,
                                                         const int8_t *strip, int32_t channel, int32_t channels,
                                                         int32_t pixels, int8_t *output) {
  const eonc_depthwise_group_mve group = {p.bias + channel,  p.multiplier + channel,
                                          p.shift + channel, p.weights + channel * p.shape.taps,
                                          channels,          pixels};
  if (p.shape.taps > 16) {
    EONC_SYMBOL(depthwise_conv_2d_s8_mve_large)(strip, output + channel, &group, &p.shape);
  } else if (p.relu != 0) {
    EONC_SYMBOL(depthwise_conv_2d_s8_mve_relu)(strip, output + channel, &group, &p.shape);
  } else {
    EONC_SYMBOL(depthwise_conv_2d_s8_mve_linear)(strip, output + channel, &group, &p.shape);
  }
}

/** One output row of DEPTHWISE_CONV_2D: writes output_width * output_channels elements. */
static inline void eonc_depthwise_conv_2d_s8_mve_row(const eonc_depthwise_conv_2d_s8_mve_params &p,
                                                     const eonc_rows<int8_t> &rows, uint32_t *scratch, int8_t *output) {
  const eonc_window &w = p.window;
  const int32_t all = w.output_channels;
  int8_t *const strip = static_cast<int8_t *>(static_cast<void *>(scratch));
  int8_t *outputs = output;
  int32_t first = -w.padding_left;
  for (int32_t left = w.output_width; left > 0; left -= p.strip.tile) {
    const int32_t pixels = left < p.strip.tile ? left : p.strip.tile;
    if (eonc_is_padded_mve(w, rows.taps, first, pixels)) {
      const int32_t lanes = all < eonc_depthwise_lanes_mve ? all : eonc_depthwise_lanes_mve;
      EONC_SYMBOL(mve_set)(strip, lanes * p.shape.strip_distance, p.padding_value);
    }
    const int32_t columns = eonc_phase_columns_mve(p.strip, pixels);
    for (int32_t done = 0; done < all; done += eonc_depthwise_lanes_mve) {
      /* fewer than four are computed with some that have been */
      const int32_t channel = all - done < 4 ? all - 4 : done;
      const int32_t rest = all - channel;
      const int32_t channels = rest < eonc_depthwise_lanes_mve ? rest : eonc_depthwise_lanes_mve;
      eonc_depthwise_conv_2d_s8_mve_strip(p, rows, first, columns, channel, channels, strip);
      eonc_depthwise_conv_2d_s8_mve_outputs(p, strip, channel, channels, pixels, outputs);
    }
    first += pixels * w.stride_width;
    outputs += pixels * all;
  }
  eonc_limit_mve(output, w.output_width * all, p.clamp_min, p.clamp_max);
}

/** DEPTHWISE_CONV_2D on int8, NHWC: all output rows, one after the other. */
static inline void eonc_depthwise_conv_2d_s8_mve(const eonc_depthwise_conv_2d_s8_mve_params &p, const int8_t *input,
                                                 uint32_t *scratch, int8_t *output) {
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      eonc_depthwise_conv_2d_s8_mve_row(p, eonc_window_rows(w, input, 0, y), scratch, output);
      output += w.output_width * w.output_channels;
    }
    input += w.input_height * w.input_width * w.input_channels;
  }
}
