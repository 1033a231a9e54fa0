/* Runs generated models on vectors from a file: runner VECTORS RESULTS FIRST
 *
 * Vectors: for each model from the first one of the table, the numbers (32 bits, little-endian) of vectors, of inputs and of
 * outputs, the bytes of each input and of each output, then the vectors. Models before number FIRST are skipped.
 * Results: for each model a number, 0 for success, and after a 0 the outputs of all vectors.
 */
#include <stdio.h>
#include <stdlib.h>

#include "guarded-context.h"
#include "inference.h"

namespace {

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

/* Every second vector finds what the one before has left behind, the others memory of some colour. A zeroed context needs no
 * reset. */
void recolour(const fuzz_model &model, guarded_context &context, uint32_t vector) {
  static const uint8_t poison[] = {0xa5, 0x00, 0xff, 0x7f};
  const uint8_t colour = poison[vector / 2 % sizeof poison];
  if (vector % 2 == 0) {
    context.fill(colour);
    if (colour != 0) {
      model.reset(context.get());
    }
  }
}

status run_model(const fuzz_model &model, const shape &format, const uint8_t *in, uint8_t *out) {
  guarded_context context(model);
  for (uint32_t vector = 0; vector < format.vectors; vector++) {
    recolour(model, context, vector);
    const status result =
        run_vector(model, format, context.get(), in + static_cast<size_t>(vector) * format.input_bytes,
                   out + static_cast<size_t>(vector) * format.output_bytes, vector);
    if (result != success) {
      return result;
    }
    if (!context.intact()) {
      return guards_overwritten;
    }
  }
  if (format.vectors > 0) {
    const status result = misuse(model, format, context.get(), in, out);
    if (result != success || !context.intact()) {
      return result != success ? result : guards_overwritten;
    }
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
