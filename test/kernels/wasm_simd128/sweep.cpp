/* Random single layers in WebAssembly: the kernels on vectors against the portable ones, on the same bytes.
 *
 * What a kernel reads ends where memory ends, so that a read beyond traps; around the output lie guard bytes.
 */
#include "sweep.h"

#include "add/wasm_simd128.h"
#include "average_pool_2d/wasm_simd128_accumulate.h"
#include "conv_2d/wasm_simd128.h"
#include "depthwise_conv_2d/wasm_simd128.h"
#include "fully_connected/wasm_simd128_accumulate.h"
#include "max_pool_2d/wasm_simd128.h"
#include "mul/wasm_simd128.h"
#include "sub/wasm_simd128.h"

namespace {

int32_t shape_log[12]; /* of the last configuration, for the message on a difference */

void log_window(const eonc_window &w, int32_t ring) {
  const int32_t log[12] = {w.input_height,
                           w.input_width,
                           w.input_channels,
                           w.output_height,
                           w.output_width,
                           w.output_channels,
                           w.filter_height,
                           w.filter_width,
                           w.stride_height * 10 + w.stride_width,
                           w.dilation_height * 10 + w.dilation_width,
                           w.padding_top * 10 + w.padding_left,
                           ring};
  memcpy(shape_log, log, sizeof log);
}

/* Random extents of one axis. Windows of pools all touch the input; those of convolutions may lie in the padding alone. */
struct axis {
  int32_t input, output, filter, padding;
  int16_t stride, dilation;
};

axis random_axis(random_source &random, int32_t filter, bool pool) {
  axis a = {};
  a.filter = filter;
  a.stride = static_cast<int16_t>(random.between(1, random.chance(4) ? 4 : 2));
  a.dilation = static_cast<int16_t>(!pool && random.chance(3) ? random.between(2, 4) : 1);
  const int32_t reach = (filter - 1) * a.dilation + 1;
  a.input = random.between(1, 9) + (random.chance(2) ? reach - 1 : 0);
  const int32_t beyond = !pool && random.chance(4) ? random.between(1, 3) : 0;
  a.padding = random.between(0, reach - 1) + beyond;
  a.output = random.between(1, (a.input - 1 + a.padding + beyond) / a.stride + 1);
  return a;
}

/* A window of `channels` inputs and `outputs` outputs. Few elements, but now and then a filter beyond the patches. */
eonc_window random_window(random_source &random, int32_t channels, int32_t outputs, bool pool) {
  const int32_t limit = channels > 64 ? 3 : random.chance(8) ? 12 : 5;
  const axis y = random_axis(random, random.chance(4) ? 1 : random.between(1, limit), pool);
  const axis x = random_axis(random, y.filter == 1 && random.chance(2) ? 1 : random.between(1, limit), pool);
  eonc_window w = {};
  w.batches = 1;
  w.input_height = y.input;
  w.input_width = x.input;
  w.input_channels = channels;
  w.output_height = y.output;
  w.output_width = x.output;
  w.output_channels = outputs;
  w.filter_height = y.filter;
  w.filter_width = x.filter;
  w.padding_top = y.padding;
  w.padding_left = x.padding;
  w.stride_height = y.stride;
  w.stride_width = x.stride;
  w.dilation_height = y.dilation;
  w.dilation_width = x.dilation;
  return w;
}

int32_t random_channels(random_source &random) {
  static const int32_t usual[] = {1, 2, 3, 4, 7, 8, 9, 16, 17, 24, 31, 32, 64};
  return random.chance(3) ? usual[random.below(13)] : random.between(1, random.chance(20) ? 300 : 40);
}

/* Parameters that kernels with weights share. `count` products make a sum. */
template <typename Params>
void randomize(random_source &random, memory &free, Params &p, int32_t weights, int32_t channels, int32_t count) {
  p.channel_step = static_cast<int16_t>(random.below(2));
  const int32_t scales = p.channel_step == 1 ? channels : 1;
  const bool few = random.chance(3); /* weights so small that nothing is shifted, or to the left */
  p.weights = few ? small_bytes(random, free, weights) : random_bytes(random, free, weights);
  p.bias = few ? small_biases(random, free, channels) : random_biases(random, free, channels);
  p.multiplier = random_multipliers(random, free, scales);
  p.shift = few ? small_shifts(random, free, scales) : random_shifts(random, free, scales, count);
  random_limits(random, p.output_zero_point, p.clamp_min, p.clamp_max);
}

/* The ways to call a window kernel. */
template <typename Params>
struct window_kernel {
  void (*row)(const Params &, const eonc_rows<int8_t> &, int8_t *);
  void (*pixel)(const Params &, const eonc_pixel<int8_t> &, int8_t *);
};

/* All rows by both sets, from a whole image or from a ring of rows. */
template <typename Params>
bool equal_rows(random_source &random, memory &free, const Params &p, const window_kernel<Params> &portable,
                const window_kernel<Params> &vectors) {
  const eonc_window &w = p.window;
  const int32_t reach = (w.filter_height - 1) * w.dilation_height + 1;
  const int32_t ring = random.chance(2) ? 0 : random.between(reach, reach + 2);
  log_window(w, ring);
  const int32_t rows = ring == 0 ? w.input_height : ring;
  const int8_t *const input = random_bytes(random, free, rows * w.input_width * w.input_channels);
  outputs results(free, w.output_width * w.output_channels);
  for (int32_t y = 0; y < w.output_height; ++y) {
    const eonc_rows<int8_t> at = eonc_window_rows(w, input, ring, y);
    portable.row(p, at, results.expected);
    vectors.row(p, at, results.actual);
    if (!results.equal()) {
      return false;
    }
  }
  return true;
}

/* All pixels by both sets, from a whole image or from a ring of pixels, in which rows are torn. */
template <typename Params>
bool equal_pixels(random_source &random, memory &free, const Params &p, const window_kernel<Params> &portable,
                  const window_kernel<Params> &vectors) {
  const eonc_window &w = p.window;
  const int32_t reach =
      (w.filter_height - 1) * w.dilation_height * w.input_width + (w.filter_width - 1) * w.dilation_width + 1;
  const int32_t ring = random.chance(2) ? 0 : random.between(reach, reach + 3);
  log_window(w, ring);
  const int32_t pixels = ring == 0 ? w.input_height * w.input_width : ring;
  const int8_t *const input = random_bytes(random, free, pixels * w.input_channels);
  outputs results(free, w.output_channels);
  for (int32_t n = 0; n < w.output_height * w.output_width; ++n) {
    const eonc_pixel<int8_t> at = eonc_window_pixel(w, input, ring, n);
    portable.pixel(p, at, results.expected);
    vectors.pixel(p, at, results.actual);
    if (!results.equal()) {
      return false;
    }
  }
  return true;
}

template <typename Params>
bool equal_windows(random_source &random, memory &free, const Params &p, const window_kernel<Params> &portable,
                   const window_kernel<Params> &vectors) {
  return random.chance(3) ? equal_pixels(random, free, p, portable, vectors)
                          : equal_rows(random, free, p, portable, vectors);
}

bool conv_2d(random_source &random, memory &free) {
  eonc_conv_2d_s8_params p = {};
  p.window = random_window(random, random_channels(random), random.between(1, 20), false);
  const int32_t filter = p.window.filter_height * p.window.filter_width * p.window.input_channels;
  p.padding_value = static_cast<int16_t>(random.between(-128, 127));
  randomize(random, free, p, filter * p.window.output_channels, p.window.output_channels, filter);
  return equal_windows<eonc_conv_2d_s8_params>(random, free, p, {eonc_conv_2d_s8_row, eonc_conv_2d_s8_pixel},
                                               {eonc_conv_2d_s8_wasm_simd128_row, eonc_conv_2d_s8_wasm_simd128_pixel});
}

bool depthwise_conv_2d(random_source &random, memory &free) {
  eonc_depthwise_conv_2d_s8_params p = {};
  const int32_t channels = random_channels(random);
  p.depth_multiplier = static_cast<int16_t>(random.chance(2) ? 1 : random.between(2, channels < 8 ? 20 : 3));
  p.window = random_window(random, channels, channels * p.depth_multiplier, false);
  const int32_t taps = p.window.filter_height * p.window.filter_width;
  p.padding_value = static_cast<int16_t>(random.between(-128, 127));
  randomize(random, free, p, taps * p.window.output_channels, p.window.output_channels, taps);
  return equal_windows<eonc_depthwise_conv_2d_s8_params>(
      random, free, p, {eonc_depthwise_conv_2d_s8_row, eonc_depthwise_conv_2d_s8_pixel},
      {eonc_depthwise_conv_2d_s8_wasm_simd128_row, eonc_depthwise_conv_2d_s8_wasm_simd128_pixel});
}

template <typename Params>
bool pool(random_source &random, memory &free, const window_kernel<Params> &portable,
          const window_kernel<Params> &vectors) {
  Params p = {};
  const int32_t channels = random_channels(random);
  p.window = random_window(random, channels, channels, true);
  int16_t zero_point = 0;
  random_limits(random, zero_point, p.clamp_min, p.clamp_max);
  return equal_windows(random, free, p, portable, vectors);
}

/* One window over the whole image, which comes in pieces of whole pixels. */
bool average_pool_2d_accumulate(random_source &random, memory &free) {
  eonc_average_pool_2d_s8_params p = {};
  const int32_t channels = random.chance(2) ? 8 * random.between(1, 8) : random.between(1, 40);
  const int32_t piece = random.between(1, 12);
  const int32_t pieces = random.between(1, 12);
  p.window.input_channels = channels;
  p.window.input_height = pieces;
  p.window.input_width = piece;
  int16_t zero_point = 0;
  random_limits(random, zero_point, p.clamp_min, p.clamp_max);
  log_window(p.window, 0);
  const int32_t count = piece * channels;
  outputs results(free, channels);
  outputs sums(free, channels * 4);
  for (int32_t i = 0; i < pieces; ++i) {
    const int8_t *const input = random_bytes(random, free, count);
    eonc_average_pool_2d_s8_accumulate(p, sums.expected_words(), input, i * count, count, results.expected);
    eonc_average_pool_2d_s8_wasm_simd128_accumulate(p, sums.actual_words(), input, i * count, count, results.actual);
    if (i + 1 < pieces && !sums.equal()) {
      return false;
    }
  }
  return results.equal();
}

eonc_fully_connected_s8_params dense(random_source &random, memory &free) {
  eonc_fully_connected_s8_params p = {};
  p.rows = random.between(1, 5);
  p.inputs = random.between(1, random.chance(3) ? 400 : 40);
  p.outputs = random.between(1, 20);
  randomize(random, free, p, p.inputs * p.outputs, p.outputs, p.inputs);
  const int32_t log[12] = {p.rows, p.inputs, p.outputs};
  memcpy(shape_log, log, sizeof log);
  return p;
}

bool fully_connected(random_source &random, memory &free) {
  const eonc_fully_connected_s8_params p = dense(random, free);
  const int8_t *const input = random_bytes(random, free, p.rows * p.inputs);
  outputs results(free, p.rows * p.outputs);
  eonc_fully_connected_s8(p, input, results.expected);
  eonc_fully_connected_s8_wasm_simd128(p, input, results.actual);
  return results.equal();
}

/* The vector comes in pieces, each of which ends where memory ends. */
bool fully_connected_accumulate(random_source &random, memory &free) {
  eonc_fully_connected_s8_params p = dense(random, free);
  const int32_t piece = random.between(1, p.inputs);
  const int32_t pieces = p.inputs / piece;
  p.inputs = piece * pieces;
  const int8_t *const input = random_bytes(random, free, piece);
  outputs results(free, p.outputs);
  outputs sums(free, p.outputs * 4);
  for (int32_t i = 0; i < pieces; ++i) {
    eonc_fully_connected_s8_accumulate(p, sums.expected_words(), input, i * piece, piece, results.expected);
    eonc_fully_connected_s8_wasm_simd128_accumulate(p, sums.actual_words(), input, i * piece, piece, results.actual);
    if (i + 1 < pieces && !sums.equal()) {
      return false;
    }
  }
  return results.equal();
}

/* One row of two operands, either of which may be stretched; the result may lie on one that is not. */
template <typename Params>
bool binary(random_source &random, memory &free, Params &p,
            void (*portable)(const Params &, const int8_t *, const int8_t *, int8_t *),
            void (*vectors)(const Params &, const int8_t *, const int8_t *, int8_t *)) {
  p.broadcast.row = random.between(1, 70);
  p.broadcast.step_1 = static_cast<int16_t>(random.chance(4) ? 0 : 1);
  p.broadcast.step_2 = static_cast<int16_t>(random.chance(4) ? 0 : 1);
  const int32_t log[12] = {p.broadcast.row, p.broadcast.step_1, p.broadcast.step_2};
  memcpy(shape_log, log, sizeof log);
  const int8_t *const input_1 = random_bytes(random, free, p.broadcast.step_1 == 0 ? 1 : p.broadcast.row);
  const int8_t *const input_2 = random_bytes(random, free, p.broadcast.step_2 == 0 ? 1 : p.broadcast.row);
  outputs results(free, p.broadcast.row);
  portable(p, input_1, input_2, results.expected);
  const int8_t *in_place = nullptr;
  if (random.chance(2) && (p.broadcast.step_1 != 0 || p.broadcast.step_2 != 0)) {
    in_place = p.broadcast.step_1 != 0 ? input_1 : input_2;
    memcpy(results.actual, in_place, static_cast<size_t>(p.broadcast.row));
  }
  vectors(p, in_place == input_1 ? results.actual : input_1, in_place == input_2 ? results.actual : input_2,
          results.actual);
  return results.equal();
}

template <typename Params>
bool sum(random_source &random, memory &free,
         void (*portable)(const Params &, const int8_t *, const int8_t *, int8_t *),
         void (*vectors)(const Params &, const int8_t *, const int8_t *, int8_t *)) {
  Params p = {};
  eonc_sum_scaling &s = p.scaling;
  s.multiplier_1 = random_multiplier(random);
  s.multiplier_2 = random_multiplier(random);
  s.output_multiplier = random_multiplier(random);
  s.shift_1 = static_cast<int8_t>(-random.below(random.chance(4) ? 31 : 3));
  s.shift_2 = static_cast<int8_t>(-random.below(random.chance(4) ? 31 : 3));
  s.output_shift = static_cast<int8_t>(-random.between(random.chance(4) ? 0 : 16, random.chance(4) ? 31 : 20));
  s.zero_point_1 = static_cast<int16_t>(random.between(-128, 127));
  s.zero_point_2 = static_cast<int16_t>(random.between(-128, 127));
  random_limits(random, s.output_zero_point, s.clamp_min, s.clamp_max);
  return binary(random, free, p, portable, vectors);
}

bool mul(random_source &random, memory &free) {
  eonc_mul_s8_params p = {};
  p.multiplier = random_multiplier(random);
  p.shift = random.chance(3) ? *small_shifts(random, free, 1) : *random_shifts(random, free, 1, 1);
  p.zero_point_1 = static_cast<int16_t>(random.between(-128, 127));
  p.zero_point_2 = static_cast<int16_t>(random.between(-128, 127));
  random_limits(random, p.output_zero_point, p.clamp_min, p.clamp_max);
  return binary(random, free, p, eonc_mul_s8_row, eonc_mul_s8_wasm_simd128_row);
}

}  // namespace

extern "C" {

/* Twelve numbers that describe the last configuration. */
__attribute__((export_name("shape"))) const int32_t *shape() { return shape_log; }

/* Whether both sets give the same bytes for configuration `seed` of a kernel. */
__attribute__((export_name("equal"))) int32_t equal(int32_t kernel, uint32_t seed) {
  random_source random(seed);
  memory free(seed);
  switch (kernel) {
    case 0:
      return conv_2d(random, free);
    case 1:
      return depthwise_conv_2d(random, free);
    case 2:
      return fully_connected(random, free);
    case 3:
      return fully_connected_accumulate(random, free);
    case 4:
      return pool<eonc_average_pool_2d_s8_params>(
          random, free, {eonc_average_pool_2d_s8_row, eonc_average_pool_2d_s8_pixel},
          {eonc_average_pool_2d_s8_wasm_simd128_row, eonc_average_pool_2d_s8_wasm_simd128_pixel});
    case 5:
      return pool<eonc_max_pool_2d_s8_params>(
          random, free, {eonc_max_pool_2d_s8_row, eonc_max_pool_2d_s8_pixel},
          {eonc_max_pool_2d_s8_wasm_simd128_row, eonc_max_pool_2d_s8_wasm_simd128_pixel});
    case 6:
      return sum(random, free, eonc_add_s8_row, eonc_add_s8_wasm_simd128_row);
    case 7:
      return sum(random, free, eonc_sub_s8_row, eonc_sub_s8_wasm_simd128_row);
    case 8:
      return mul(random, free);
    case 9:
      return average_pool_2d_accumulate(random, free);
    default:
      return 0;
  }
}

}  // extern "C"
