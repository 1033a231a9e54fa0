/* Which kind of core CMSIS-NN would be compiled for. */
#ifndef ARM_NN_MATH_TYPES_H
#define ARM_NN_MATH_TYPES_H

#if defined(__ARM_FEATURE_DSP) && (__ARM_FEATURE_DSP == 1)
#define ARM_MATH_DSP 1
#endif
#if defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 1)
#define ARM_MATH_MVEI 1
#endif

#endif
