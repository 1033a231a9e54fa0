#include "arguments.h"

#include <string.h>

int32_t double_multiply_high(int32_t a, int32_t b) {
  if (a == INT32_MIN && b == INT32_MIN) {
    return INT32_MAX;
  }
  const int64_t product = (int64_t)a * b;
  return (int32_t)((product + (1 << 30)) >> 31);
}

int32_t double_rounding_divide(int32_t value, int exponent) {
  const int64_t half = exponent == 0 ? 0 : (int64_t)1 << (exponent - 1);
  const int64_t magnitude = value < 0 ? -(int64_t)value : value;
  const int64_t rounded = (magnitude + half) >> exponent;
  return (int32_t)(value < 0 ? -rounded : rounded);
}

int32_t double_requantize(uint32_t accumulator, int32_t multiplier, int32_t shift) {
  const uint32_t shifted = shift > 0 ? accumulator << shift : accumulator;
  return double_rounding_divide(double_multiply_high((int32_t)shifted, multiplier), shift > 0 ? 0 : -shift);
}

int8_t double_output(int32_t scaled, int32_t offset, cmsis_nn_activation limits) {
  const int32_t value = (int32_t)((uint32_t)scaled + (uint32_t)offset);
  return (int8_t)(value < limits.min ? limits.min : value > limits.max ? limits.max : value);
}

bool double_is_scale(int32_t multiplier, int32_t shift) {
  return (multiplier == 0 || multiplier >= 1 << 30) && shift >= -31 && shift <= 30;
}

bool double_are_scales(const cmsis_nn_per_channel_quant_params *scales, int32_t channels) {
  for (int32_t i = 0; i < channels; ++i) {
    if (!double_is_scale(scales->multiplier[i], scales->shift[i])) {
      return false;
    }
  }
  return true;
}

bool double_is_activation(cmsis_nn_activation limits) {
  return limits.min >= INT8_MIN && limits.min <= limits.max && limits.max <= INT8_MAX;
}

bool double_are_dims(const cmsis_nn_dims *dims) {
  const int32_t extents[4] = {dims->n, dims->h, dims->w, dims->c};
  for (int i = 0; i < 4; ++i) {
    if (extents[i] < 1 || extents[i] > INT16_MAX) {
      return false;
    }
  }
  return true;
}

bool double_is_scratch(const cmsis_nn_context *ctx, int32_t bytes) {
  if (ctx->size != bytes || (ctx->buf == NULL) != (bytes == 0) || ((uintptr_t)ctx->buf & 3u) != 0) {
    return false;
  }
  if (bytes > 0) {
    memset(ctx->buf, 0xA5, (size_t)bytes);
  }
  return true;
}

bool double_are_apart(const void *a, size_t bytes_of_a, const void *b, size_t bytes_of_b) {
  const uintptr_t first = (uintptr_t)a;
  const uintptr_t second = (uintptr_t)b;
  return first + bytes_of_a <= second || second + bytes_of_b <= first;
}

size_t double_count(const cmsis_nn_dims *dims) {
  return (size_t)dims->n * (size_t)dims->h * (size_t)dims->w * (size_t)dims->c;
}

int32_t double_convolve_scratch(const cmsis_nn_conv_params *params, const cmsis_nn_dims *input,
                                const cmsis_nn_dims *filter, const cmsis_nn_dims *output) {
  const bool single = input->c == filter->c;
  const bool undilated = params->dilation.w == 1 && params->dilation.h == 1;
  const bool unpadded = params->padding.w == 0 && params->padding.h == 0;
  if (single && filter->w == 1 && filter->h == 1 && undilated && unpadded) {
    return 0;
  }
  const int32_t window = filter->w * filter->h * input->c;
#ifdef ARM_MATH_MVEI
  const bool words = params->stride.w * input->c % 4 == 0;
  if (single && input->h == 1 && filter->h == 1 && params->dilation.w == 1 && words) {
    /* one row: here only without padding, behind it neither */
    return (output->w - 1) * params->stride.w + filter->w == input->w && unpadded ? window : -1;
  }
  return 4 * ((window + 15) / 16 * 16);
#else
  (void)output;
  return 4 * ((window + 3) / 4 * 4);
#endif
}
