/* A generated model as the runner of a fuzz run sees it. */
#ifndef FUZZ_RUNNER_H
#define FUZZ_RUNNER_H

#include <stddef.h>

struct fuzz_model {
  const char *name;
  size_t context_bytes;
  size_t context_alignment;
  void (*reset)(void *context);
  int (*invoke)(void *context);
  void *(*input)(void *context, int index);
  const void *(*output)(const void *context, int index);
};

extern const fuzz_model *const fuzz_models[];
extern const size_t fuzz_model_count;

/* Defines the entry of a model whose source has been included. */
#define FUZZ_MODEL(prefix)                                                                            \
  extern const fuzz_model prefix##_entry;                                                             \
  const fuzz_model prefix##_entry = {                                                                 \
      #prefix,                                                                                        \
      sizeof(prefix##_context),                                                                       \
      alignof(prefix##_context),                                                                      \
      [](void *context) { prefix##_reset(static_cast<prefix##_context *>(context)); },                \
      [](void *context) -> int { return prefix##_invoke(static_cast<prefix##_context *>(context)); }, \
      [](void *context, int index) -> void * {                                                        \
        return prefix##_input(static_cast<prefix##_context *>(context), index);                       \
      },                                                                                              \
      [](const void *context, int index) -> const void * {                                            \
        return prefix##_output(static_cast<const prefix##_context *>(context), index);                \
      }}

#endif
