/* Dense layers, element-wise layers, softmax. */
#include <string.h>

#include "arguments.h"

arm_cmsis_nn_status arm_vector_sum_s8(int32_t *sums, const int32_t columns, const int32_t rows, const int8_t *data,
                                      const int32_t lhs_offset, const int32_t rhs_offset, const int32_t *bias) {
  for (int32_t row = 0; row < rows; ++row) {
    uint32_t sum = 0;
    for (int32_t column = 0; column < columns; ++column) {
      sum += (uint32_t)(*data++ + rhs_offset);
    }
    sums[row] = (int32_t)(sum * (uint32_t)lhs_offset + (bias == NULL ? 0 : (uint32_t)bias[row]));
  }
  return ARM_CMSIS_NN_SUCCESS;
}

arm_cmsis_nn_status arm_fully_connected_s8(const cmsis_nn_context *ctx, const cmsis_nn_fc_params *p,
                                           const cmsis_nn_per_tensor_quant_params *scale, const cmsis_nn_dims *in,
                                           const int8_t *input, const cmsis_nn_dims *filter, const int8_t *weights,
                                           const cmsis_nn_dims *bias_dims, const int32_t *bias,
                                           const cmsis_nn_dims *out, int8_t *output) {
  const int32_t depth = filter->n;
  REFUSE_UNLESS(in->n >= 1 && in->n == out->n && depth >= 1 && in->h * in->w * in->c == depth);
  REFUSE_UNLESS(filter->h == 1 && filter->w == 1 && filter->c == out->c && bias_dims->c == out->c);
  REFUSE_UNLESS(out->h == 1 && out->w == 1 && out->c >= 1);
  REFUSE_UNLESS(p->input_offset >= -127 && p->input_offset <= 128 && p->filter_offset == 0);
  REFUSE_UNLESS(p->output_offset >= -128 && p->output_offset <= 127 && double_is_activation(p->activation));
  REFUSE_UNLESS(double_is_scale(scale->multiplier, scale->shift));
  REFUSE_UNLESS(double_are_apart(input, (size_t)(in->n * depth), output, (size_t)(out->n * out->c)));
#ifdef ARM_MATH_MVEI
  REFUSE_UNLESS(ctx->buf != NULL && ctx->size == 4 * out->c);
  for (int32_t c = 0; c < out->c; ++c) {
    int32_t sum;
    arm_vector_sum_s8(&sum, depth, 1, weights + c * depth, p->input_offset, 0, bias + c);
    REFUSE_UNLESS(((const int32_t *)ctx->buf)[c] == sum);
  }
#else
  (void)ctx;
#endif
  for (int32_t n = 0; n < in->n; ++n, input += depth) {
    for (int32_t c = 0; c < out->c; ++c) {
      uint32_t sum = (uint32_t)bias[c];
      for (int32_t i = 0; i < depth; ++i) {
        sum += (uint32_t)((input[i] + p->input_offset) * weights[c * depth + i]);
      }
      *output++ =
          double_output(double_requantize(sum, scale->multiplier, scale->shift), p->output_offset, p->activation);
    }
  }
  return ARM_CMSIS_NN_SUCCESS;
}

static bool is_input_offset(int32_t offset) { return offset >= -127 && offset <= 128; }

static bool are_vectors(const int8_t *input_1, const int8_t *input_2, const int8_t *output, int32_t count) {
  const size_t bytes = (size_t)count;
  return count >= 1 && double_are_apart(input_1, bytes, output, bytes) &&
         double_are_apart(input_2, bytes, output, bytes);
}

arm_cmsis_nn_status arm_elementwise_add_s8(const int8_t *input_1, const int8_t *input_2, const int32_t offset_1,
                                           const int32_t multiplier_1, const int32_t shift_1, const int32_t offset_2,
                                           const int32_t multiplier_2, const int32_t shift_2, const int32_t left_shift,
                                           int8_t *output, const int32_t out_offset, const int32_t out_multiplier,
                                           const int32_t out_shift, const int32_t min, const int32_t max,
                                           const int32_t count) {
  const cmsis_nn_activation limits = {min, max};
  REFUSE_UNLESS(is_input_offset(offset_1) && is_input_offset(offset_2) && left_shift == 20);
  REFUSE_UNLESS(double_is_scale(multiplier_1, shift_1) && double_is_scale(multiplier_2, shift_2));
  REFUSE_UNLESS(double_is_scale(out_multiplier, out_shift) && shift_1 <= 0 && shift_2 <= 0 && out_shift <= 0);
  REFUSE_UNLESS(double_is_activation(limits) && out_offset >= -128 && out_offset <= 127);
  REFUSE_UNLESS(are_vectors(input_1, input_2, output, count));
  for (int32_t i = 0; i < count; ++i) {
    const uint32_t a = (uint32_t)((input_1[i] + offset_1) * (1 << left_shift));
    const uint32_t b = (uint32_t)((input_2[i] + offset_2) * (1 << left_shift));
    const int32_t sum = double_requantize(a, multiplier_1, shift_1) + double_requantize(b, multiplier_2, shift_2);
    output[i] = double_output(double_requantize((uint32_t)sum, out_multiplier, out_shift), out_offset, limits);
  }
  return ARM_CMSIS_NN_SUCCESS;
}

arm_cmsis_nn_status arm_elementwise_mul_s8(const int8_t *input_1, const int8_t *input_2, const int32_t offset_1,
                                           const int32_t offset_2, int8_t *output, const int32_t out_offset,
                                           const int32_t out_multiplier, const int32_t out_shift, const int32_t min,
                                           const int32_t max, const int32_t count) {
  const cmsis_nn_activation limits = {min, max};
  REFUSE_UNLESS(is_input_offset(offset_1) && is_input_offset(offset_2) && double_is_scale(out_multiplier, out_shift));
  REFUSE_UNLESS(double_is_activation(limits) && out_offset >= -128 && out_offset <= 127);
  REFUSE_UNLESS(are_vectors(input_1, input_2, output, count));
  for (int32_t i = 0; i < count; ++i) {
    const int32_t product = (input_1[i] + offset_1) * (input_2[i] + offset_2);
    output[i] = double_output(double_requantize((uint32_t)product, out_multiplier, out_shift), out_offset, limits);
  }
  return ARM_CMSIS_NN_SUCCESS;
}

/* exp(x) for x <= 0 in units of 2^-26: exp of the part above a multiple of 1/4 by its series, the rest by factors. */
static int32_t exponential(int32_t x) {
  static const int32_t factors[] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  if (x == 0) {
    return INT32_MAX;
  }
  const int32_t quarter = 1 << 24;
  const int32_t above = (x & (quarter - 1)) - quarter;
  const int32_t y = above * 32 + (1 << 28);
  const int32_t y2 = double_multiply_high(y, y);
  const int32_t y3 = double_multiply_high(y2, y);
  const int32_t y4 = double_rounding_divide(double_multiply_high(y2, y2), 2);
  const int32_t series = double_rounding_divide(double_multiply_high(y4 + y3, 715827883) + y2, 1);
  int32_t result = 1895147668 + double_multiply_high(1895147668, y + series);
  const int32_t rest = above - x;
  for (int i = 0; i < 7; ++i) {
    if ((rest & (quarter << i)) != 0) {
      result = double_multiply_high(result, factors[i]);
    }
  }
  return result;
}

/* 1 / (1 + x) for x in [0, 1), in units of 2^-31, by Newton's method. */
static int32_t reciprocal(int32_t x) {
  const int32_t denominator = (int32_t)(((int64_t)x + INT32_MAX + 1) / 2);
  int32_t value = 1515870810 + double_multiply_high(denominator, -1010580540);
  for (int i = 0; i < 3; ++i) {
    const int32_t error = (1 << 29) - double_multiply_high(value, denominator);
    value += double_multiply_high(error, value) * 4;
  }
  return value > INT32_MAX / 2 ? INT32_MAX : value * 2;
}

void arm_softmax_s8(const int8_t *input, const int32_t rows, const int32_t depth, const int32_t multiplier,
                    const int32_t shift, const int32_t least, int8_t *output) {
  const size_t bytes = (size_t)(rows * depth);
  const bool sound = rows >= 1 && depth >= 1 && multiplier >= 1 << 30 && shift >= 0 && shift <= 30 && least <= 0 &&
                     double_are_apart(input, bytes, output, bytes);
  if (!sound) {
    memset(output, 0x55, bytes); /* there is no status to give */
    return;
  }
  for (int32_t row = 0; row < rows; ++row, input += depth, output += depth) {
    int32_t most = INT8_MIN;
    for (int32_t i = 0; i < depth; ++i) {
      most = input[i] > most ? input[i] : most;
    }
    int32_t sum = 0;
    for (int32_t i = 0; i < depth; ++i) {
      const int32_t difference = input[i] - most;
      if (difference >= least) {
        const int32_t scaled = double_multiply_high((int32_t)((uint32_t)difference << shift), multiplier);
        sum += double_rounding_divide(exponential(scaled), 12);
      }
    }
    int headroom = 0;
    while (((uint32_t)sum << headroom & 0x80000000u) == 0) {
      ++headroom;
    }
    const int32_t scale = reciprocal((int32_t)(((uint32_t)sum << headroom) - 0x80000000u));
    for (int32_t i = 0; i < depth; ++i) {
      const int32_t difference = input[i] - most;
      int32_t value = 0;
      if (difference >= least) {
        const int32_t scaled = double_multiply_high((int32_t)((uint32_t)difference << shift), multiplier);
        value = double_rounding_divide(double_multiply_high(scale, exponential(scaled)), 12 - headroom + 23);
      }
      output[i] = (int8_t)(value - 128 > 127 ? 127 : value - 128);
    }
  }
}
