/* What the double looks at in arguments, and the reference's scaling. */
#ifndef CMSIS_NN_DOUBLE_ARGUMENTS_H
#define CMSIS_NN_DOUBLE_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arm_nnfunctions.h"

#define REFUSE_UNLESS(condition)     \
  do {                               \
    if (!(condition)) {              \
      return ARM_CMSIS_NN_ARG_ERROR; \
    }                                \
  } while (0)

/* a * b / 2^31, rounded half up; as gemmlowp's saturating rounding doubling high multiplication. */
int32_t double_multiply_high(int32_t a, int32_t b);

/* value / 2^exponent, rounded half away from zero. */
int32_t double_rounding_divide(int32_t value, int exponent);

/* An accumulator modulo 2^32, scaled by multiplier / 2^31 * 2^shift with both roundings. */
int32_t double_requantize(uint32_t accumulator, int32_t multiplier, int32_t shift);

/* A scaled value with the output's zero point, limited. */
int8_t double_output(int32_t scaled, int32_t offset, cmsis_nn_activation limits);

/* A multiplier in Q31, normalized, and a shift that the scaling can do. */
bool double_is_scale(int32_t multiplier, int32_t shift);

bool double_are_scales(const cmsis_nn_per_channel_quant_params *scales, int32_t channels);

bool double_is_activation(cmsis_nn_activation limits);

/* All extents are at least 1, and so large that 16 bits with a sign hold them. */
bool double_are_dims(const cmsis_nn_dims *dims);

/* Scratch of exactly `bytes` bytes, aligned for words; none is null. It is overwritten. */
bool double_is_scratch(const cmsis_nn_context *ctx, int32_t bytes);

/* The tensors do not share a byte: functions may read and write in any order. */
bool double_are_apart(const void *a, size_t bytes_of_a, const void *b, size_t bytes_of_b);

size_t double_count(const cmsis_nn_dims *dims);

/* Bytes of scratch of a convolution, as the *_get_buffer_size functions say for the core. */
int32_t double_convolve_scratch(const cmsis_nn_conv_params *params, const cmsis_nn_dims *input,
                                const cmsis_nn_dims *filter, const cmsis_nn_dims *output);

#endif
