#pragma once
/* Sums and differences of two int8 operands on one scale, for the kernel set `mve`. */
#include "broadcast.h"
#include "mve.h"

/** Scales of a sum: each value is shifted to the left, multiplied, and shifted to the right. The cores read it. */
struct eonc_sum_mve {
  int32_t left_1;
  int32_t left_2;
  int32_t zero_point_1;
  int32_t zero_point_2;
  int32_t multiplier_1;
  int32_t multiplier_2;
  int32_t shift_1; /* below 0: to the right */
  int32_t shift_2;
  int32_t output_multiplier;
  int32_t output_shift;
  int32_t output_zero_point;
  int32_t clamp_min;
  int32_t clamp_max;
};

extern "C" {
void EONC_SYMBOL(mve_add)(const int8_t *input_1, const int8_t *input_2, int8_t *output, int32_t count,
                          const eonc_sum_mve *sum, int32_t step_1, int32_t step_2);
void EONC_SYMBOL(mve_sub)(const int8_t *input_1, const int8_t *input_2, int8_t *output, int32_t count,
                          const eonc_sum_mve *sum, int32_t step_1, int32_t step_2);
}

/** Elements of a row as cores read them, four at a time: those of an operand, or one that stands for all. */
struct eonc_operand_mve {
  const int8_t *elements;
  int32_t step; /* to the next four */
  int8_t repeated[4];
};

/** The elements of an operand from `elements` on, of which each (`step` 1) or the first one (0) stands in a row. */
static inline void eonc_operand_of_mve(eonc_operand_mve &operand, const int8_t *elements, int32_t step) {
  operand.elements = elements;
  operand.step = 4 * step;
  if (step == 0) {
    operand.repeated[0] = operand.repeated[1] = operand.repeated[2] = operand.repeated[3] = *elements;
    operand.elements = operand.repeated;
  }
}

/** All rows of two operands by a core, one after the other; `scales` are what it reads beside them. */
template <typename scales_mve,
          void (*core)(const int8_t *, const int8_t *, int8_t *, int32_t, const scales_mve *, int32_t, int32_t)>
static inline void eonc_elementwise_mve(const eonc_broadcast &b, const scales_mve &scales, const int8_t *input_1,
                                        const int8_t *input_2, int8_t *output) {
  eonc_broadcast_position at = {};
  for (int32_t row = 0; row < b.rows; ++row, output += b.row) {
    eonc_operand_mve first;
    eonc_operand_mve second;
    eonc_operand_of_mve(first, input_1 + at.input_1, b.step_1);
    eonc_operand_of_mve(second, input_2 + at.input_2, b.step_2);
    core(first.elements, second.elements, output, b.row, &scales, first.step, second.step);
    eonc_broadcast_next(b, at);
  }
}
