#pragma once
#include "../common/dsp.h"
#include "../common/edge.h"

/**
 * Parameters of DEPTHWISE_CONV_2D on int8 for the kernel set `dsp`, with filters of 3x3 that move by one column, each
 * channel from the same one of the input. The input has three rows or more, of which every window takes two or three.
 * Arguments of the kernel's template, for which the code is made: `width` input columns of `channels` (up to 4,095);
 * `outputs` output columns (two or more), the first of which begins `left` (0 or 1) columns before the row, the last
 * one ends one behind it at most; `relu`, 1 where what is below the zero point is cut off, else 0.
 */
struct eonc_depthwise_conv_2d_s8_dsp_shape_params {
  const int32_t *stream; /* channel by channel: see README.md */
  eonc_window window;
  int8_t padding_value; /* the input zero point */
  int8_t clamp_min;
  int8_t clamp_max;
};

/** Words of the stream that a channel takes. */
enum { eonc_depthwise_shape_words = 8 };

/** An output row as the core takes it; it reads these words by their places. */
struct eonc_depthwise_shape_row {
  const int8_t *input; /* first of three rows in memory */
  int8_t *output;
  const int32_t *stream;
  const int32_t *end;
  int32_t edge;     /* an `eonc_edge`: of what is in the padding, the stream's weights are left out */
  uint32_t padding; /* the input zero point in either half word */
  int32_t second;   /* bytes from one pixel behind the first row to the second one, where they lie anywhere */
  int32_t third;
  const int8_t *turned; /* one past the outputs that are made in turns of three */
};

/*
 * The core's registers, as many as there are: input r0, output r1, weights of rows 0 and 1 by column r2 to r4, of row 2
 * r5 and the upper half of r6, shift r6, bias r7, multiplier r8, constant r9, sums and inputs r10 to r12, lr.
 */

/* clang-format off */
/* Rows 0 and 1 of the next column in `pair`, row 2 in lr. */
#define EONC_LOAD(pair) \
  ".if %c[channels] < 256\n" \
  "ldrsb " pair ", [r0], #%c[channels]\n" \
  ".else\n" \
  "ldrsb " pair ", [r0]\n" \
  "add r0, r0, #%c[channels]\n" \
  ".endif\n" \
  ".if %c[distance]\n" \
  "ldrsb lr, [r0, #%c[distance] - %c[channels]]\n" \
  "pkhbt " pair ", " pair ", lr, lsl #16\n" \
  "ldrsb lr, [r0, #2 * %c[distance] - %c[channels]]\n" \
  ".else\n" \
  "ldr lr, [sp, #24]\n" \
  "ldrsb lr, [r0, lr]\n" \
  "pkhbt " pair ", " pair ", lr, lsl #16\n" \
  "ldr lr, [sp, #28]\n" \
  "ldrsb lr, [r0, lr]\n" \
  ".endif\n"

/* What a column adds to the output that starts with it, to the one before that, and to the one that ends with it. */
#define EONC_FIRST(sum, pair) \
  "smlad " sum ", " pair ", r2, r7\n" \
  "smlabb " sum ", lr, r5, " sum "\n"
#define EONC_SECOND(sum, pair) \
  "smlad " sum ", " pair ", r3, " sum "\n" \
  "smlabt " sum ", lr, r5, " sum "\n"
#define EONC_THIRD(sum, pair) \
  "smlad " sum ", " pair ", r4, " sum "\n" \
  "smlabt " sum ", lr, r6, " sum "\n"

/* An output from twice its accumulator. */
#define EONC_PUT(sum) \
  "smmlar lr, " sum ", r8, r9\n" \
  ".if %c[relu] == 0\n" \
  "add lr, lr, " sum ", asr #31\n" \
  ".endif\n" \
  "asr lr, lr, r6\n" \
  "ssat lr, #8, lr\n" \
  ".if %c[channels] < 256\n" \
  "strb lr, [r1], #%c[channels]\n" \
  ".else\n" \
  "strb lr, [r1]\n" \
  "add r1, r1, #%c[channels]\n" \
  ".endif\n"

/* A column: an output is whole, the next one goes on, the one behind that starts, in the register of the column. */
#define EONC_STEP(sum, next, behind) \
  EONC_LOAD(behind) \
  EONC_THIRD(sum, behind) \
  EONC_SECOND(next, behind) \
  EONC_FIRST(behind, behind) \
  EONC_PUT(sum)

/* The last two outputs; the last column may be padding. */
#define EONC_FINISH(sum, next, pair) \
  EONC_LOAD(pair) \
  EONC_THIRD(sum, pair) \
  EONC_SECOND(next, pair) \
  EONC_PUT(sum) \
  ".if %c[right]\n" \
  "ldr lr, [sp, #20]\n" \
  EONC_THIRD(next, "lr") \
  ".else\n" \
  EONC_LOAD(pair) \
  EONC_THIRD(next, pair) \
  ".endif\n" \
  EONC_PUT(next)

/**
 * The core: all outputs of as many channels as there are in the stream up to its end, channel by channel along the row.
 * Weights, sums and scale stay in registers and every input is loaded once. Rows are `distance` bytes apart, or
 * anywhere if that is 0. It is one statement in assembler since it needs all registers, and no assembler file since
 * distances are written into its instructions.
 */
template <int32_t channels, int32_t distance, int32_t left, int32_t outputs, int32_t right, int32_t relu>
__attribute__((noinline)) static void eonc_depthwise_shape_core(const eonc_depthwise_shape_row &of) {
  const int32_t threes = (outputs - 2) / 3;
  const bool turns = threes > 2; /* a loop, as it would be much code */
  register const eonc_depthwise_shape_row *row __asm__("r0") = &of;
  __asm__ volatile(
      "push {r7, r9, r11}\n" /* which compilers may not give away */
      "ldm r0, {r1-r6, r8, r10, r12}\n"
      "push {r1-r6, r8, r10, r12}\n"
      "1:\n"
      "ldm sp, {r0, r1, r12}\n"
      "ldrd r10, lr, [sp, #16]\n"
      "ldm r12!, {r2-r9}\n"
      "str r12, [sp, #8]\n"
      "add r11, r0, #1\n"
      "add r12, r1, #1\n"
      "strd r11, r12, [sp]\n"
      "cmp r10, #0\n"
      "beq 4f\n"
      "cmp r10, #1\n"
      "bne 3f\n"
      "smlabb r7, lr, r2, r7\n" /* row 0 is padding: rows 1 and 2 come first */
      "smlabb r7, lr, r3, r7\n"
      "smlabb r7, lr, r4, r7\n"
      "lsr r2, r2, #16\n"
      "pkhbt r2, r2, r5, lsl #16\n"
      "pkhtb r3, r5, r3, asr #16\n"
      "pkhtb r4, r6, r4, asr #16\n"
      "mov r5, #0\n"
      "uxth r6, r6\n"
      "b 4f\n"
      "3:\n"
      "smlabb r7, lr, r5, r7\n" /* row 2 is padding: rows 0 and 1 come last */
      "smlabt r7, lr, r5, r7\n"
      "smlabt r7, lr, r6, r7\n"
      "pkhtb r5, r3, r2, asr #16\n"
      "pkhbt r6, r6, r4\n"
      "lsl r2, r2, #16\n"
      "lsl r3, r3, #16\n"
      "lsl r4, r4, #16\n"
      "4:\n"
      ".if %c[left]\n"
      EONC_FIRST("r10", "lr")
      ".else\n"
      EONC_LOAD("r12") EONC_FIRST("r10", "r12")
      ".endif\n"
      EONC_LOAD("r12") EONC_SECOND("r10", "r12") EONC_FIRST("r11", "r12")
      "2:\n"
      ".rept %c[threes]\n"
      EONC_STEP("r10", "r11", "r12") EONC_STEP("r11", "r12", "r10") EONC_STEP("r12", "r10", "r11")
      ".endr\n"
      ".if %c[turns]\n"
      "ldr lr, [sp, #32]\n"
      "cmp r1, lr\n"
      "bne 2b\n"
      "add lr, lr, #1\n"
      "str lr, [sp, #32]\n"
      ".endif\n"
      ".if %c[rest] == 0\n"
      EONC_FINISH("r10", "r11", "r12")
      ".elseif %c[rest] == 1\n"
      EONC_STEP("r10", "r11", "r12") EONC_FINISH("r11", "r12", "r10")
      ".else\n"
      EONC_STEP("r10", "r11", "r12") EONC_STEP("r11", "r12", "r10") EONC_FINISH("r12", "r10", "r11")
      ".endif\n"
      "ldrd r0, r1, [sp, #8]\n"
      "cmp r0, r1\n"
      "bne 1b\n"
      "add sp, sp, #36\n"
      "pop {r7, r9, r11}\n"
      : "+r"(row)
      : [channels] "i"(channels), [distance] "i"(distance), [left] "i"(left), [right] "i"(right),
        [threes] "i"(turns ? 1 : threes), [turns] "i"(turns ? 1 : 0), [rest] "i"((outputs - 2) % 3), [relu] "i"(relu)
      : "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r10", "r12", "lr", "cc", "memory");
}

#undef EONC_LOAD
#undef EONC_FIRST
#undef EONC_SECOND
#undef EONC_THIRD
#undef EONC_PUT
#undef EONC_STEP
#undef EONC_FINISH
/* clang-format on */

/** One output row: writes outputs * channels elements. Input rows are `distance` elements apart; if 0, anywhere. */
template <int32_t width, int32_t channels, int32_t left, int32_t outputs, int32_t relu, int32_t distance>
static inline void eonc_depthwise_shape_outputs(const eonc_depthwise_conv_2d_s8_dsp_shape_params &p,
                                                const eonc_rows<int8_t> &rows, int8_t *output) {
  const int8_t *const next = eonc_next_row(rows, rows.data);
  eonc_depthwise_shape_row row = {};
  const eonc_edge edge = eonc_edge_of(rows);
  row.edge = edge;
  row.input = rows.data;
  if (distance != 0) { /* what has no weights is read as well, so it is the row on the other side */
    row.input -= edge == eonc_edge_below ? distance : 0;
  } else {
    const int8_t *const second = edge == eonc_edge_below ? rows.data : next;
    const int8_t *const third = edge == eonc_edge_none ? eonc_next_row(rows, next) : next;
    row.second = static_cast<int32_t>(second - rows.data) - channels;
    row.third = static_cast<int32_t>(third - rows.data) - channels;
  }
  const uint32_t value = static_cast<uint16_t>(p.padding_value);
  row.output = output;
  row.stream = p.stream;
  row.end = p.stream + eonc_depthwise_shape_words * channels;
  row.padding = value << 16 | value;
  row.turned = output + (outputs - 2) / 3 * 3 * channels;
  const int32_t right = outputs + 2 > width + left ? 1 : 0;
  eonc_depthwise_shape_core<channels, distance, left, outputs, right, relu>(row);
  eonc_limit_dsp(output, outputs * channels, p.clamp_min, p.clamp_max);
}

/** One output row of DEPTHWISE_CONV_2D: writes output_width * output_channels elements. */
template <int32_t width, int32_t channels, int32_t left, int32_t outputs, int32_t relu>
static inline void eonc_depthwise_conv_2d_s8_dsp_shape_row(const eonc_depthwise_conv_2d_s8_dsp_shape_params &p,
                                                           const eonc_rows<int8_t> &rows, int8_t *output) {
  eonc_depthwise_shape_outputs<width, channels, left, outputs, relu, 0>(p, rows, output);
}

/** DEPTHWISE_CONV_2D on int8, NHWC: all output rows, one after the other. */
template <int32_t width, int32_t channels, int32_t left, int32_t outputs, int32_t relu>
static inline void eonc_depthwise_conv_2d_s8_dsp_shape(const eonc_depthwise_conv_2d_s8_dsp_shape_params &p,
                                                       const int8_t *input, int8_t *output) {
  const int32_t size = width * channels;
  const int32_t distance = 2 * size - channels < 4096 ? size : 0; /* what an instruction reaches */
  const eonc_window &w = p.window;
  for (int32_t batch = 0; batch < w.batches; ++batch) {
    for (int32_t y = 0; y < w.output_height; ++y) {
      const eonc_rows<int8_t> rows = eonc_window_rows(w, input, 0, y);
      eonc_depthwise_shape_outputs<width, channels, left, outputs, relu, distance>(p, rows, output);
      output += outputs * channels;
    }
    input += w.input_height * size;
  }
}
