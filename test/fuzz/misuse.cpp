#include <vector>

#include "inference.h"

namespace {

/* What is wrong in any mode: no context. */
bool refuses_null(const fuzz_model &model, const uint8_t *data) {
  model.reset(nullptr);
  const int result = model.mode == FUZZ_STREAM ? model.push(nullptr, data, 1) : model.invoke(nullptr);
  return result == model.error_argument && model.input(nullptr, 0) == nullptr && model.output(nullptr, 0) == nullptr;
}

/* Pushes that take nothing, when `left` units are still to come. */
bool takes_nothing(const fuzz_model &model, uint8_t *context, const uint8_t *data, int left) {
  return model.push(context, data, left + 1) == model.error_too_many &&
         model.push(context, data, INT32_MAX) == model.error_too_many &&
         model.push(context, data, -1) == model.error_argument &&
         model.push(context, data, INT32_MIN) == model.error_argument &&
         model.push(context, nullptr, 1) == model.error_argument && push_copy(model, context, data, 0) == model.more;
}

/* An inference given up in the middle, then one with wrong pushes between the right ones. */
status misuse_push(const fuzz_model &model, const shape &format, uint8_t *context, const uint8_t *in) {
  const uint8_t *const data = fed_data(model, format, in);
  const size_t unit_bytes = model.unit_elements * model.element_bytes;
  const std::vector<uint8_t> other(static_cast<size_t>(model.units) * unit_bytes, 0x5a);
  for (const int partial : {model.units - 1, model.units / 2, 1}) {
    if (partial > 0 && partial < model.units && push_copy(model, context, other.data(), partial) != model.more) {
      return misuse_status_wrong;
    }
    model.reset(context);
  }
  const status written = write_inputs(model, format, context, in);
  if (written != success) {
    return written;
  }
  const int step = model.units / 4 + 1;
  for (int done = 0; done < model.units;) {
    const int left = model.units - done;
    const int units = step < left ? step : left;
    if (!takes_nothing(model, context, data, left) ||
        push_copy(model, context, data + static_cast<size_t>(done) * unit_bytes, units) !=
            (units < left ? model.more : 0)) {
      return misuse_status_wrong;
    }
    done += units;
  }
  return success;
}

/* Data that give up at the first call, in the middle and at the last one; then data that are there. */
status misuse_callback(const fuzz_model &model, const shape &format, uint8_t *context, const uint8_t *in) {
  const uint8_t *const data = fed_data(model, format, in);
  model.attach(context, nullptr);
  if (model.invoke(context) != model.error_argument) {
    return misuse_status_wrong;
  }
  fuzz_source source = source_of(model, data, context);
  const int many = INT32_MAX;
  source.calls = many;
  model.attach(context, &source);
  status result = write_inputs(model, format, context, in);
  if (result != success || model.invoke(context) != 0) {
    return result != success ? result : misuse_status_wrong;
  }
  const int calls = many - source.calls;
  for (const int given : {0, calls / 2, calls - 1}) {
    source = source_of(model, data, context);
    source.calls = given;
    result = write_inputs(model, format, context, in);
    if (result != success || model.invoke(context) != model.error_input || source.misused) {
      return result != success ? result : misuse_status_wrong;
    }
  }
  source = source_of(model, data, context);
  result = write_inputs(model, format, context, in);
  return result != success || model.invoke(context) == 0 ? result : misuse_status_wrong;
}

}  // namespace

status misuse(const fuzz_model &model, const shape &format, uint8_t *context, const uint8_t *in,
              const uint8_t *expected) {
  if (!refuses_null(model, in)) {
    return misuse_status_wrong;
  }
  if (model.fed < 0) {
    return success;
  }
  status result =
      model.mode == FUZZ_STREAM ? misuse_push(model, format, context, in) : misuse_callback(model, format, context, in);
  std::vector<uint8_t> out(format.output_bytes + 1);
  if (result == success) {
    result = read_outputs(model, format, context, out.data());
  }
  if (result != success) {
    return result;
  }
  return memcmp(out.data(), expected, format.output_bytes) == 0 ? success : misuse_output_wrong;
}
