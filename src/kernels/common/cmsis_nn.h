#pragma once
/*
 * What all calls of CMSIS-NN share. Its results are those of TensorFlow Lite Micro's reference kernels as long as it
 * rounds twice, and its scratch is what the plan of the network has as long as it takes this processor for what it is.
 */
#include <stdint.h>
#ifdef EONC_CMSIS_NN
#include <arm_nnfunctions.h>
#endif

#include "rom.h"
#include "window.h"

#ifdef CMSIS_NN_USE_SINGLE_ROUNDING
#error "CMSIS-NN rounds as TensorFlow Lite Micro does only without CMSIS_NN_USE_SINGLE_ROUNDING"
#endif
#if defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 1)
#ifndef ARM_MATH_MVEI
#error "CMSIS-NN is set up without ARM_MATH_MVEI for a processor that has it, and takes other scratch than is planned"
#endif
#elif defined(ARM_MATH_MVEI)
#error "CMSIS-NN is set up with ARM_MATH_MVEI for a processor without it, and takes other scratch than is planned"
#elif defined(__ARM_FEATURE_DSP) && (__ARM_FEATURE_DSP == 1)
#ifndef ARM_MATH_DSP
#error "CMSIS-NN is set up without ARM_MATH_DSP for a processor that has it, and takes other scratch than is planned"
#endif
#elif defined(ARM_MATH_DSP)
#error "CMSIS-NN is set up with ARM_MATH_DSP for a processor without it, and takes other scratch than is planned"
#endif

/** Extents of a tensor, batch first. */
static inline cmsis_nn_dims eonc_cmsis_nn_dims(int32_t n, int32_t h, int32_t w, int32_t c) {
  cmsis_nn_dims dims;
  dims.n = n;
  dims.h = h;
  dims.w = w;
  dims.c = c;
  return dims;
}

/** Width and height of something. */
static inline cmsis_nn_tile eonc_cmsis_nn_tile(int32_t w, int32_t h) {
  cmsis_nn_tile tile;
  tile.w = w;
  tile.h = h;
  return tile;
}

/** The least and the largest output. */
static inline cmsis_nn_activation eonc_cmsis_nn_activation(int32_t min, int32_t max) {
  cmsis_nn_activation activation;
  activation.min = min;
  activation.max = max;
  return activation;
}

/** Scratch of so many bytes; none where `scratch` is null. */
static inline cmsis_nn_context eonc_cmsis_nn_context(void *scratch, int32_t bytes) {
  cmsis_nn_context context;
  context.buf = scratch;
  context.size = scratch == nullptr ? 0 : bytes;
  return context;
}

/** Multipliers and shifts of all channels. CMSIS-NN only reads them, though its types do not say so. */
static inline cmsis_nn_per_channel_quant_params eonc_cmsis_nn_scales(eonc_rom<int32_t> multiplier,
                                                                     eonc_rom<int32_t> shift) {
  cmsis_nn_per_channel_quant_params scales;
  scales.multiplier = const_cast<int32_t *>(multiplier);
  scales.shift = const_cast<int32_t *>(shift);
  return scales;
}
