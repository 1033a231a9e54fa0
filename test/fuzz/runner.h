/* A generated model as the runner of a fuzz run sees it. */
#ifndef FUZZ_RUNNER_H
#define FUZZ_RUNNER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* How the inputs of a model come. */
enum fuzz_mode { FUZZ_RESIDENT, FUZZ_PRESERVE, FUZZ_STREAM, FUZZ_CALLBACK };

/* What a model fetches an input from, how that behaves, and what has been seen of the model. */
struct fuzz_source {
  const uint8_t *data;
  size_t elements;
  size_t element_bytes;
  size_t unit_elements;
  const uint8_t *context; /* where results may be written */
  size_t context_bytes;
  int calls;      /* before which it gives up, or -1 */
  size_t fetched; /* elements */
  bool misused;
};

/* Gives `count` elements from `offset` on; not 0 if it has given up. */
int fuzz_get(fuzz_source *source, size_t offset, size_t count, uint8_t *out);

template <typename Element>
int fuzz_get_data(void *user, size_t offset, size_t count, Element *out) {
  return fuzz_get(static_cast<fuzz_source *>(user), offset, count, static_cast<uint8_t *>(static_cast<void *>(out)));
}

/* Data of the type that a function takes. */
struct fuzz_data {
  const void *data;
  template <typename Element>
  operator const Element *() const {
    return static_cast<const Element *>(data);
  }
};

struct fuzz_model {
  const char *name;
  fuzz_mode mode;
  size_t context_bytes;
  size_t context_alignment;
  void (*reset)(void *context);
  void *(*input)(void *context, int index);
  const void *(*output)(const void *context, int index);
  int error_argument;
  int (*invoke)(void *context); /* null if the input is pushed */
  /* Of an input that comes piece by piece, or nothing. */
  int fed; /* its index, or -1 */
  int units;
  size_t unit_elements;
  size_t element_bytes;
  int (*push)(void *context, const void *data, int units);
  int more;
  int error_too_many;
  void (*attach)(void *context, fuzz_source *source); /* null: takes get_data away */
  int error_input;
};

extern const fuzz_model *const fuzz_models[];
extern const size_t fuzz_model_count;

#define FUZZ_CONTEXT(prefix) static_cast<prefix##_context *>(context)

#define FUZZ_COMMON(prefix, mode) \
#prefix, mode, sizeof(prefix##_context), alignof(prefix##_context),                         \
      [](void *context) { prefix##_reset(FUZZ_CONTEXT(prefix)); },                            \
      [](void *context, int index) -> void * { return prefix##_input(FUZZ_CONTEXT(prefix), index); }, \
      [](const void *context, int index) -> const void * {                                    \
        return prefix##_output(static_cast<const prefix##_context *>(context), index);        \
      },                                                                                      \
      prefix##_error_argument

#define FUZZ_INVOKE(prefix) [](void *context) -> int { return prefix##_invoke(FUZZ_CONTEXT(prefix)); }

#define FUZZ_UNITS(UPPER, input) \
  input, UPPER##_UNITS, UPPER##_UNIT_ELEMENTS, UPPER##_INPUT_##input##_BYTES / UPPER##_INPUT_##input##_ELEMENTS

#define FUZZ_ENTRY(prefix)                \
  extern const fuzz_model prefix##_entry; \
  const fuzz_model prefix##_entry

/* Each defines the entry of a model whose source has been included, by the mode of its input. */
#define FUZZ_MODEL_WHOLE(prefix, mode) \
  FUZZ_ENTRY(prefix) = {FUZZ_COMMON(prefix, mode), FUZZ_INVOKE(prefix), -1, 0, 0, 0, nullptr, 0, 0, nullptr, 0}

#define FUZZ_MODEL_STREAM(prefix, UPPER, input)                                               \
  FUZZ_ENTRY(prefix) = {FUZZ_COMMON(prefix, FUZZ_STREAM),                                     \
                        nullptr,                                                              \
                        FUZZ_UNITS(UPPER, input),                                             \
                        [](void *context, const void *data, int units) -> int {               \
                          return prefix##_push(FUZZ_CONTEXT(prefix), fuzz_data{data}, units); \
                        },                                                                    \
                        prefix##_more,                                                        \
                        prefix##_error_too_many,                                              \
                        nullptr,                                                              \
                        0}

#define FUZZ_MODEL_CALLBACK(prefix, UPPER, input)                                                          \
  FUZZ_ENTRY(prefix) = {FUZZ_COMMON(prefix, FUZZ_CALLBACK),                                                \
                        FUZZ_INVOKE(prefix),                                                               \
                        FUZZ_UNITS(UPPER, input),                                                          \
                        nullptr,                                                                           \
                        0,                                                                                 \
                        0,                                                                                 \
                        [](void *context, fuzz_source *source) {                                           \
                          prefix##_context *const model = FUZZ_CONTEXT(prefix);                            \
                          model->get_data =                                                                \
                              source == nullptr ? nullptr : static_cast<prefix##_get_data>(fuzz_get_data); \
                          model->user = source;                                                            \
                        },                                                                                 \
                        prefix##_error_input}

#endif
