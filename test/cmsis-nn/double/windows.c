/* Convolutions and pooling. */
#include "arguments.h"

/* One position of a window's input, from that of the output. */
static int32_t position(int32_t output, int32_t stride, int32_t padding, int32_t tap, int32_t dilation) {
  return output * stride - padding + tap * dilation;
}

static bool is_inside(int32_t value, int32_t extent) { return value >= 0 && value < extent; }

/* Padding behind the last position along one axis. */
static int32_t padding_after(int32_t input, int32_t output, int32_t size, int32_t stride, int32_t before,
                             int32_t dilation) {
  return (output - 1) * stride - before + (size - 1) * dilation + 1 - input;
}

static bool is_window(cmsis_nn_tile stride, cmsis_nn_tile padding, cmsis_nn_tile dilation) {
  return stride.w >= 1 && stride.h >= 1 && dilation.w >= 1 && dilation.h >= 1 && padding.w >= 0 && padding.h >= 0 &&
         padding.w <= INT16_MAX && padding.h <= INT16_MAX;
}

/* Zero points as offsets: what is added to inputs, and to outputs. */
static bool are_offsets(int32_t input, int32_t output) {
  return input >= -127 && input <= 128 && output >= -128 && output <= 127;
}

arm_cmsis_nn_status arm_convolve_wrapper_s8(const cmsis_nn_context *ctx, const cmsis_nn_conv_params *p,
                                            const cmsis_nn_per_channel_quant_params *scales, const cmsis_nn_dims *in,
                                            const int8_t *input, const cmsis_nn_dims *filter, const int8_t *weights,
                                            const cmsis_nn_dims *bias_dims, const int32_t *bias,
                                            const cmsis_nn_dims *out, int8_t *output) {
  REFUSE_UNLESS(double_are_dims(in) && double_are_dims(filter) && double_are_dims(out));
  REFUSE_UNLESS(is_window(p->stride, p->padding, p->dilation) && are_offsets(p->input_offset, p->output_offset));
  REFUSE_UNLESS(double_is_activation(p->activation) && double_are_scales(scales, out->c));
  REFUSE_UNLESS(in->n == out->n && filter->n == out->c && bias_dims->c == out->c && in->c % filter->c == 0);
  const int32_t groups = in->c / filter->c;
  REFUSE_UNLESS(out->c % groups == 0 && filter->w * filter->h * filter->c <= UINT16_MAX);
  const bool point = groups == 1 && filter->w == 1 && filter->h == 1 && p->padding.w == 0 && p->padding.h == 0;
  /* a filter of one by one is a product of matrices, with no place for padding behind the input */
  REFUSE_UNLESS(!point || (padding_after(in->w, out->w, 1, p->stride.w, 0, 1) <= 0 &&
                           padding_after(in->h, out->h, 1, p->stride.h, 0, 1) <= 0));
  REFUSE_UNLESS(double_are_apart(input, double_count(in), output, double_count(out)));
  REFUSE_UNLESS(double_is_scratch(ctx, double_convolve_scratch(p, in, filter, out)));
  const int8_t *image = input;
  for (int32_t n = 0; n < out->n; ++n, image += in->h * in->w * in->c) {
    for (int32_t y = 0; y < out->h; ++y) {
      for (int32_t x = 0; x < out->w; ++x) {
        for (int32_t c = 0; c < out->c; ++c) {
          const int32_t first = c / (out->c / groups) * filter->c;
          uint32_t sum = (uint32_t)bias[c];
          for (int32_t ky = 0; ky < filter->h; ++ky) {
            const int32_t iy = position(y, p->stride.h, p->padding.h, ky, p->dilation.h);
            for (int32_t kx = 0; kx < filter->w; ++kx) {
              const int32_t ix = position(x, p->stride.w, p->padding.w, kx, p->dilation.w);
              if (!is_inside(iy, in->h) || !is_inside(ix, in->w)) {
                continue;
              }
              const int8_t *tap = image + (iy * in->w + ix) * in->c + first;
              const int8_t *weight = weights + ((c * filter->h + ky) * filter->w + kx) * filter->c;
              for (int32_t i = 0; i < filter->c; ++i) {
                sum += (uint32_t)((tap[i] + p->input_offset) * weight[i]);
              }
            }
          }
          *output++ = double_output(double_requantize(sum, scales->multiplier[c], scales->shift[c]), p->output_offset,
                                    p->activation);
        }
      }
    }
  }
  return double_is_scratch(ctx, ctx->size) ? ARM_CMSIS_NN_SUCCESS : ARM_CMSIS_NN_FAILURE;
}

/* Bytes of scratch of a depthwise convolution; -1 where the function for its shape is not exact. */
static int32_t depthwise_scratch(const cmsis_nn_dw_conv_params *p, const cmsis_nn_dims *in, const cmsis_nn_dims *filter,
                                 const cmsis_nn_dims *out) {
  if (in->c != out->c || in->n != 1 || p->dilation.w != 1 || p->dilation.h != 1) {
    return 0;
  }
#ifdef ARM_MATH_MVEI
  return 4 * 124 * filter->w * filter->h;
#else
  if (filter->w == 3 && filter->h == 3 && p->padding.w <= 1 && p->padding.h <= 1) {
    return padding_after(in->w, out->w, 3, p->stride.w, p->padding.w, 1) <= 1 ? 0 : -1;
  }
  const int32_t below = padding_after(in->h, out->h, filter->h, p->stride.h, p->padding.h, 1);
  if (p->padding.h >= filter->h || below >= filter->h) {
    return -1;
  }
#ifdef ARM_MATH_DSP
  return in->c * filter->w * filter->h * 2;
#else
  return 0;
#endif
#endif
}

arm_cmsis_nn_status arm_depthwise_conv_wrapper_s8(const cmsis_nn_context *ctx, const cmsis_nn_dw_conv_params *p,
                                                  const cmsis_nn_per_channel_quant_params *scales,
                                                  const cmsis_nn_dims *in, const int8_t *input,
                                                  const cmsis_nn_dims *filter, const int8_t *weights,
                                                  const cmsis_nn_dims *bias_dims, const int32_t *bias,
                                                  const cmsis_nn_dims *out, int8_t *output) {
  REFUSE_UNLESS(double_are_dims(in) && double_are_dims(filter) && double_are_dims(out));
  REFUSE_UNLESS(is_window(p->stride, p->padding, p->dilation) && are_offsets(p->input_offset, p->output_offset));
  REFUSE_UNLESS(double_is_activation(p->activation) && double_are_scales(scales, out->c));
  REFUSE_UNLESS(in->n == out->n && filter->n == 1 && filter->c == out->c && bias_dims->c == out->c);
  REFUSE_UNLESS(p->ch_mult >= 1 && in->c * p->ch_mult == out->c);
  REFUSE_UNLESS(double_are_apart(input, double_count(in), output, double_count(out)));
  REFUSE_UNLESS(double_is_scratch(ctx, depthwise_scratch(p, in, filter, out)));
  const int8_t *image = input;
  for (int32_t n = 0; n < out->n; ++n, image += in->h * in->w * in->c) {
    for (int32_t y = 0; y < out->h; ++y) {
      for (int32_t x = 0; x < out->w; ++x) {
        for (int32_t c = 0; c < out->c; ++c) {
          uint32_t sum = (uint32_t)bias[c];
          for (int32_t ky = 0; ky < filter->h; ++ky) {
            const int32_t iy = position(y, p->stride.h, p->padding.h, ky, p->dilation.h);
            for (int32_t kx = 0; kx < filter->w; ++kx) {
              const int32_t ix = position(x, p->stride.w, p->padding.w, kx, p->dilation.w);
              if (is_inside(iy, in->h) && is_inside(ix, in->w)) {
                const int32_t value = image[(iy * in->w + ix) * in->c + c / p->ch_mult] + p->input_offset;
                sum += (uint32_t)(value * weights[(ky * filter->w + kx) * out->c + c]);
              }
            }
          }
          *output++ = double_output(double_requantize(sum, scales->multiplier[c], scales->shift[c]), p->output_offset,
                                    p->activation);
        }
      }
    }
  }
  return double_is_scratch(ctx, ctx->size) ? ARM_CMSIS_NN_SUCCESS : ARM_CMSIS_NN_FAILURE;
}

static arm_cmsis_nn_status pool(const cmsis_nn_context *ctx, const cmsis_nn_pool_params *p, const cmsis_nn_dims *in,
                                const int8_t *input, const cmsis_nn_dims *filter, const cmsis_nn_dims *out,
                                int8_t *output, int32_t scratch, bool mean) {
  const cmsis_nn_tile undilated = {1, 1};
  REFUSE_UNLESS(double_are_dims(in) && double_are_dims(filter) && double_are_dims(out));
  REFUSE_UNLESS(is_window(p->stride, p->padding, undilated) && double_is_activation(p->activation));
  /* older versions know no batches */
  REFUSE_UNLESS(in->n == 1 && out->n == 1 && in->c == out->c && filter->n == 1 && filter->c == 1);
  REFUSE_UNLESS(double_are_apart(input, double_count(in), output, double_count(out)));
  REFUSE_UNLESS(double_is_scratch(ctx, scratch));
  for (int32_t y = 0; y < out->h; ++y) {
    for (int32_t x = 0; x < out->w; ++x) {
      for (int32_t c = 0; c < out->c; ++c) {
        int32_t sum = 0;
        int32_t count = 0;
        int32_t most = INT8_MIN;
        for (int32_t ky = 0; ky < filter->h; ++ky) {
          const int32_t iy = position(y, p->stride.h, p->padding.h, ky, 1);
          for (int32_t kx = 0; kx < filter->w; ++kx) {
            const int32_t ix = position(x, p->stride.w, p->padding.w, kx, 1);
            if (is_inside(iy, in->h) && is_inside(ix, in->w)) {
              const int32_t value = input[(iy * in->w + ix) * in->c + c];
              sum += value;
              most = value > most ? value : most;
              ++count;
            }
          }
        }
        REFUSE_UNLESS(count > 0);
        const int32_t average = (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
        *output++ = double_output(mean ? average : most, 0, p->activation);
      }
    }
  }
  return double_is_scratch(ctx, ctx->size) ? ARM_CMSIS_NN_SUCCESS : ARM_CMSIS_NN_FAILURE;
}

arm_cmsis_nn_status arm_avgpool_s8(const cmsis_nn_context *ctx, const cmsis_nn_pool_params *params,
                                   const cmsis_nn_dims *in, const int8_t *input, const cmsis_nn_dims *filter,
                                   const cmsis_nn_dims *out, int8_t *output) {
#if defined(ARM_MATH_DSP) && !defined(ARM_MATH_MVEI)
  const int32_t scratch = 4 * in->c;
#else
  const int32_t scratch = 0;
#endif
  return pool(ctx, params, in, input, filter, out, output, scratch, true);
}

arm_cmsis_nn_status arm_max_pool_s8(const cmsis_nn_context *ctx, const cmsis_nn_pool_params *params,
                                    const cmsis_nn_dims *in, const int8_t *input, const cmsis_nn_dims *filter,
                                    const cmsis_nn_dims *out, int8_t *output) {
  return pool(ctx, params, in, input, filter, out, output, 0, false);
}
