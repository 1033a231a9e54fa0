#include "inference.h"

#include <stdlib.h>

#include <vector>

int fuzz_get(fuzz_source *source, size_t offset, size_t count, uint8_t *out) {
  if (source->calls == 0) {
    return 1;
  }
  source->calls -= source->calls > 0;
  const size_t bytes = count * source->element_bytes;
  const bool within = count > 0 && offset < source->elements && count <= source->elements - offset;
  const bool aligned = offset % source->unit_elements == 0 && count % source->unit_elements == 0;
  const bool inside = out >= source->context && out + bytes <= source->context + source->context_bytes;
  if (!within || !aligned || !inside) {
    source->misused = true;
    return 1;
  }
  memcpy(out, source->data + offset * source->element_bytes, bytes);
  source->fetched += count;
  return 0;
}

uint32_t next_number(const uint8_t *&at) {
  uint32_t number;
  memcpy(&number, at, sizeof number);
  at += sizeof number;
  return number;
}

const uint8_t *fed_data(const fuzz_model &model, const shape &format, const uint8_t *in) {
  const uint8_t *sizes = format.sizes;
  for (int i = 0; i < model.fed; i++) {
    in += next_number(sizes);
  }
  return in;
}

status write_inputs(const fuzz_model &model, const shape &format, uint8_t *context, const uint8_t *in) {
  const uint8_t *sizes = format.sizes;
  for (uint32_t i = 0; i < format.inputs; i++) {
    const uint32_t bytes = next_number(sizes);
    void *input = model.input(context, static_cast<int>(i));
    if (static_cast<int>(i) == model.fed) {
      if (input != nullptr) {
        return pointer_unexpected;
      }
    } else if (input == nullptr) {
      return pointer_missing;
    } else {
      memcpy(input, in, bytes);
    }
    in += bytes;
  }
  return success;
}

status read_outputs(const fuzz_model &model, const shape &format, const uint8_t *context, uint8_t *out) {
  const uint8_t *sizes = format.sizes + format.inputs * sizeof(uint32_t);
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

int push_copy(const fuzz_model &model, uint8_t *context, const uint8_t *data, int units) {
  const size_t bytes = static_cast<size_t>(units) * model.unit_elements * model.element_bytes;
  uint8_t *const copy = static_cast<uint8_t *>(malloc(bytes > 0 ? bytes : 1));
  memcpy(copy, data, bytes);
  const int result = model.push(context, copy, units);
  memset(copy, 0xee, bytes);
  free(copy);
  return result;
}

fuzz_source source_of(const fuzz_model &model, const uint8_t *data, const uint8_t *context) {
  const size_t elements = static_cast<size_t>(model.units) * model.unit_elements;
  return {data, elements, model.element_bytes, model.unit_elements, context, model.context_bytes, -1, 0, false};
}

namespace {

int units_of(pushes cut, int left, uint32_t &random) {
  if (cut != random_sizes) {
    return cut == one_by_one ? 1 : left;
  }
  random = random * 1664525 + 1013904223;
  /* now and then none */
  return static_cast<int>((random >> 16) % (static_cast<uint32_t>(left < 6 ? left : 6) + 1));
}

status push_all(const fuzz_model &model, uint8_t *context, const uint8_t *data, pushes cut, uint32_t random) {
  for (int left = model.units; left > 0;) {
    const int units = units_of(cut, left, random);
    const int result = push_copy(model, context, data, units);
    data += static_cast<size_t>(units) * model.unit_elements * model.element_bytes;
    left -= units;
    if (result != (left > 0 ? model.more : 0)) {
      return push_status_wrong;
    }
  }
  return success;
}

status fetch_all(const fuzz_model &model, uint8_t *context, const uint8_t *data) {
  fuzz_source source = source_of(model, data, context);
  model.attach(context, &source);
  if (model.invoke(context) != 0) {
    return source.misused ? fetch_wrong : invoke_failed;
  }
  return source.misused || source.fetched != source.elements ? fetch_wrong : success;
}

bool inputs_are(const fuzz_model &model, const shape &format, uint8_t *context, const uint8_t *in) {
  const uint8_t *sizes = format.sizes;
  for (uint32_t i = 0; i < format.inputs; i++) {
    const uint32_t bytes = next_number(sizes);
    if (memcmp(model.input(context, static_cast<int>(i)), in, bytes) != 0) {
      return false;
    }
    in += bytes;
  }
  return true;
}

/* Runs a model twice on inputs that are written once, as it leaves them as they are. */
status invoke_twice(const fuzz_model &model, const shape &format, uint8_t *context, const uint8_t *in, uint8_t *out) {
  std::vector<uint8_t> second(format.output_bytes + 1);
  for (uint8_t *const results : {out, second.data()}) {
    if (model.invoke(context) != 0) {
      return invoke_failed;
    }
    if (!inputs_are(model, format, context, in)) {
      return input_changed;
    }
    const status result = read_outputs(model, format, context, results);
    if (result != success) {
      return result;
    }
  }
  return memcmp(out, second.data(), format.output_bytes) == 0 ? success : second_differs;
}

}  // namespace

status run_vector(const fuzz_model &model, const shape &format, uint8_t *context, const uint8_t *in, uint8_t *out,
                  uint32_t number) {
  status result = write_inputs(model, format, context, in);
  if (result != success) {
    return result;
  }
  switch (model.mode) {
    case FUZZ_RESIDENT:
      result = model.invoke(context) == 0 ? success : invoke_failed;
      break;
    case FUZZ_PRESERVE:
      return invoke_twice(model, format, context, in, out);
    case FUZZ_STREAM:
      result = push_all(model, context, fed_data(model, format, in), static_cast<pushes>(number % 3), number);
      break;
    case FUZZ_CALLBACK:
      result = fetch_all(model, context, fed_data(model, format, in));
      break;
  }
  return result == success ? read_outputs(model, format, context, out) : result;
}
