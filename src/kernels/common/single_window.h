#pragma once
/* A window with one position, whose input comes pixel by pixel: which tap each pixel is under. */
#include <stdint.h>

#include "window.h"

/**
 * The tap along one axis that lies on a position of the input, where the window starts `before` it; -1 if none does.
 */
static inline int32_t eonc_tap_on(int32_t position, int32_t before, int32_t dilation, int32_t size) {
  const int32_t distance = position + before;
  const int32_t tap = eonc_quotient(distance, dilation);
  return tap < size && tap * dilation == distance ? tap : -1;
}

/** The tap that lies on pixel `n` of the input, counted row by row; -1 if none does. */
static inline int32_t eonc_tap_on_pixel(const eonc_window &w, int32_t n) {
  const int32_t row = eonc_quotient(n, w.input_width);
  const int32_t ky = eonc_tap_on(row, w.padding_top, w.dilation_height, w.filter_height);
  const int32_t kx = eonc_tap_on(n - row * w.input_width, w.padding_left, w.dilation_width, w.filter_width);
  return ky < 0 || kx < 0 ? -1 : ky * w.filter_width + kx;
}

/** Whether a tap lies in the padding. */
static inline bool eonc_is_padding(const eonc_window &w, int32_t tap) {
  const int32_t ky = eonc_quotient(tap, w.filter_width);
  const int32_t row = ky * w.dilation_height - w.padding_top;
  const int32_t column = (tap - ky * w.filter_width) * w.dilation_width - w.padding_left;
  return row < 0 || row >= w.input_height || column < 0 || column >= w.input_width;
}

/** Elements of an image. */
static inline int32_t eonc_image_elements(const eonc_window &w) {
  return w.input_height * w.input_width * w.input_channels;
}
