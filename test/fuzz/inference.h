/* One inference of a model, in the mode that its input comes in. */
#ifndef FUZZ_INFERENCE_H
#define FUZZ_INFERENCE_H

#include "runner.h"

/* What is found; host-program.ts has words for each. */
enum status : uint32_t {
  success = 0,
  guards_overwritten = 1,
  invoke_failed = 2,
  pointer_missing = 3,
  pointer_unexpected = 4,
  input_changed = 5,
  second_differs = 6,
  push_status_wrong = 7,
  fetch_wrong = 8,
  misuse_status_wrong = 9,
  misuse_output_wrong = 10,
};

/* Sizes of the inputs and outputs of a model, and how many vectors there are. */
struct shape {
  uint32_t vectors;
  uint32_t inputs;
  uint32_t outputs;
  const uint8_t *sizes; /* of inputs, then of outputs */
  uint32_t input_bytes;
  uint32_t output_bytes;
};

/* How an input is cut into pushes. */
enum pushes { one_by_one, all_at_once, random_sizes };

uint32_t next_number(const uint8_t *&at);

/* Where the input that comes piece by piece lies within a vector. */
const uint8_t *fed_data(const fuzz_model &model, const shape &format, const uint8_t *in);

/* Writes the inputs that lie in the context. The others have no place there. */
status write_inputs(const fuzz_model &model, const shape &format, uint8_t *context, const uint8_t *in);
status read_outputs(const fuzz_model &model, const shape &format, const uint8_t *context, uint8_t *out);

/* Pushes units from memory that is gone afterwards. */
int push_copy(const fuzz_model &model, uint8_t *context, const uint8_t *data, int units);

fuzz_source source_of(const fuzz_model &model, const uint8_t *data, const uint8_t *context);

/* Runs vector number `number`. */
status run_vector(const fuzz_model &model, const shape &format, uint8_t *context, const uint8_t *in, uint8_t *out,
                  uint32_t number);

/* Uses the interface of a model in wrong ways, then in the right one, which has to give `expected`. */
status misuse(const fuzz_model &model, const shape &format, uint8_t *context, const uint8_t *in,
              const uint8_t *expected);

#endif
