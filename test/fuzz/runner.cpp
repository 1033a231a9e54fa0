/* Runs generated models on vectors from a file: runner VECTORS RESULTS FIRST
 *
 * Vectors: for each model from the first one of the table, the numbers (32 bits, little-endian) of vectors, of inputs and of
 * outputs, the bytes of each input and of each output, then the vectors. Models before number FIRST are skipped.
 * Results: for each model a number, 0 for success, and after a 0 the outputs of all vectors.
 */
#include "runner.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef FUZZ_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#endif

namespace {

const uint8_t GUARD = 0x5c;
const size_t GUARD_BYTES = 64;

enum status : uint32_t {
  success = 0,
  guards_overwritten = 1,
  invoke_failed = 2,
  pointer_missing = 3,
  pointer_unexpected = 4,
};

uint8_t *read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == nullptr || fseek(file, 0, SEEK_END) != 0) {
    return nullptr;
  }
  const size_t size = static_cast<size_t>(ftell(file));
  rewind(file);
  uint8_t *bytes = static_cast<uint8_t *>(malloc(size + 1));
  const bool complete = bytes != nullptr && fread(bytes, 1, size, file) == size;
  fclose(file);
  return complete ? bytes : nullptr;
}

uint32_t next_number(const uint8_t *&at) {
  uint32_t number;
  memcpy(&number, at, sizeof number);
  at += sizeof number;
  return number;
}

/* Memory for a context that is aligned as its type needs and no better, between guards. */
class guarded_context {
 public:
  explicit guarded_context(const fuzz_model &model) : bytes_(model.context_bytes) {
    const size_t front = GUARD_BYTES + model.context_alignment;
    size_ = front + bytes_ + GUARD_BYTES;
    memory_ = static_cast<uint8_t *>(aligned_alloc(GUARD_BYTES, (size_ + GUARD_BYTES - 1) / GUARD_BYTES * GUARD_BYTES));
    context_ = memory_ + front;
    memset(memory_, GUARD, size_);
    protect(true);
  }

  ~guarded_context() {
    protect(false);
    free(memory_);
  }

  guarded_context(const guarded_context &) = delete;
  guarded_context &operator=(const guarded_context &) = delete;

  uint8_t *get() { return context_; }

  void fill(uint8_t value) { memset(context_, value, bytes_); }

  bool intact() {
    protect(false);
    bool same = true;
    for (const uint8_t *at = memory_; at < memory_ + size_; at++) {
      same = same && (*at == GUARD || (at >= context_ && at < context_ + bytes_));
    }
    protect(true);
    return same;
  }

 private:
  void protect(bool on) {
#ifdef FUZZ_ADDRESS_SANITIZER
    const size_t front = static_cast<size_t>(context_ - memory_);
    if (on) {
      __asan_poison_memory_region(memory_, front);
      __asan_poison_memory_region(context_ + bytes_, GUARD_BYTES);
    } else {
      __asan_unpoison_memory_region(memory_, size_);
    }
#else
    (void)on;
#endif
  }

  size_t bytes_;
  size_t size_;
  uint8_t *memory_;
  uint8_t *context_;
};

struct shape {
  uint32_t vectors;
  uint32_t inputs;
  uint32_t outputs;
  const uint8_t *sizes; /* of inputs, then of outputs */
  uint32_t input_bytes;
  uint32_t output_bytes;
};

shape read_shape(const uint8_t *&at) {
  shape found = {};
  found.vectors = next_number(at);
  found.inputs = next_number(at);
  found.outputs = next_number(at);
  found.sizes = at;
  for (uint32_t i = 0; i < found.inputs; i++) {
    found.input_bytes += next_number(at);
  }
  for (uint32_t i = 0; i < found.outputs; i++) {
    found.output_bytes += next_number(at);
  }
  return found;
}

status run_vector(const fuzz_model &model, const shape &format, uint8_t *context, const uint8_t *in, uint8_t *out) {
  const uint8_t *sizes = format.sizes;
  for (uint32_t i = 0; i < format.inputs; i++) {
    const uint32_t bytes = next_number(sizes);
    void *input = model.input(context, static_cast<int>(i));
    if (input == nullptr) {
      return pointer_missing;
    }
    memcpy(input, in, bytes);
    in += bytes;
  }
  if (model.invoke(context) != 0) {
    return invoke_failed;
  }
  for (uint32_t i = 0; i < format.outputs; i++) {
    const uint32_t bytes = next_number(sizes);
    const void *output = model.output(context, static_cast<int>(i));
    if (output == nullptr) {
      return pointer_missing;
    }
    memcpy(out, output, bytes);
    out += bytes;
  }
  return success;
}

status run_model(const fuzz_model &model, const shape &format, const uint8_t *in, uint8_t *out) {
  static const uint8_t poison[] = {0xa5, 0x00, 0xff, 0x7f};
  guarded_context context(model);
  for (uint32_t vector = 0; vector < format.vectors; vector++) {
    /* Two inferences in a row on what the first one left behind, then memory of another colour. */
    if (vector % 2 == 0) {
      context.fill(poison[vector / 2 % sizeof poison]);
      model.reset(context.get());
    }
    const status result = run_vector(model, format, context.get(), in, out);
    if (result != success) {
      return result;
    }
    if (!context.intact()) {
      return guards_overwritten;
    }
    in += format.input_bytes;
    out += format.output_bytes;
  }
  const bool ends = model.input(context.get(), static_cast<int>(format.inputs)) == nullptr &&
                    model.output(context.get(), static_cast<int>(format.outputs)) == nullptr &&
                    model.input(context.get(), -1) == nullptr && model.output(context.get(), -1) == nullptr;
  return ends ? success : pointer_unexpected;
}

}  // namespace

int main(int count, char **arguments) {
  const uint8_t *at = count == 4 ? read_file(arguments[1]) : nullptr;
  FILE *results = count == 4 ? fopen(arguments[2], "wb") : nullptr;
  if (at == nullptr || results == nullptr) {
    fprintf(stderr, "usage: runner VECTORS RESULTS FIRST\n");
    return 2;
  }
  const size_t first = static_cast<size_t>(atol(arguments[3]));
  for (size_t i = 0; i < fuzz_model_count; i++) {
    const shape format = read_shape(at);
    const uint8_t *in = at;
    at += static_cast<size_t>(format.vectors) * format.input_bytes;
    if (i < first) {
      continue;
    }
    const size_t bytes = static_cast<size_t>(format.vectors) * format.output_bytes;
    uint8_t *out = static_cast<uint8_t *>(calloc(bytes + 1, 1));
    if (out == nullptr) {
      return 2;
    }
    const uint32_t result = run_model(*fuzz_models[i], format, in, out);
    fwrite(&result, sizeof result, 1, results);
    if (result == success) {
      fwrite(out, 1, bytes, results);
    }
    fflush(results);
    free(out);
  }
  return fclose(results) == 0 ? 0 : 2;
}
