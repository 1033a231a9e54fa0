/* Binds the model to the names that are called here. Being C, it proves the model's header to be C. */
#include "harness.h"
#include "harness_config.h"
#include HARNESS_MODEL_HEADER

/* In a section of its own, between guards. */
__attribute__((section(".bss.model_context"))) MODEL(context) harness_context;

/* Poison first: reset alone has to be enough. */
void harness_model_start(void) {
  volatile uint8_t *bytes = (volatile uint8_t *)&harness_context;
  for (uint32_t i = 0; i < sizeof harness_context; ++i) bytes[i] = 0xA5;
  MODEL(reset)(&harness_context);
}

const void *harness_model_output(int index) { return MODEL(output)(&harness_context, index); }

#ifdef HARNESS_FED_INPUT
/* What the model asks for, or is given, in units: memory of the application. */
static HARNESS_FED_TYPE fed[HARNESS_UNITS * HARNESS_UNIT_ELEMENTS];

void *harness_model_input(int index) {
  void *input = MODEL(input)(&harness_context, index);
  if (index != HARNESS_FED_INPUT) return input;
  return input == 0 ? fed : 0;
}
#else
void *harness_model_input(int index) { return MODEL(input)(&harness_context, index); }
#endif

#if defined(HARNESS_INPUT_STREAM)
int harness_model_invoke(void) {
  int status = MODEL(more);
  for (int unit = 0; unit < HARNESS_UNITS && status == (int)MODEL(more); ++unit)
    status = (int)MODEL(push)(&harness_context, fed + unit * HARNESS_UNIT_ELEMENTS, 1);
  return status;
}
#elif defined(HARNESS_INPUT_CALLBACK)
static int get_data(void *user, size_t offset, size_t count, HARNESS_FED_TYPE *out) {
  const HARNESS_FED_TYPE *data = user;
  for (size_t i = 0; i < count; ++i) out[i] = data[offset + i];
  return 0;
}

int harness_model_invoke(void) {
  harness_context.get_data = get_data;
  harness_context.user = fed;
  return (int)MODEL(invoke)(&harness_context);
}
#elif defined(HARNESS_INPUT_PRESERVE)
enum { INPUT_CHANGED = 100 };

static uint32_t input_hash(void) {
  static const uint32_t bytes[] = HARNESS_INPUTS;
  uint32_t hash = 0;
  for (uint32_t i = 0; i < sizeof bytes / sizeof bytes[0]; ++i) {
    const uint8_t *input = harness_model_input((int)i);
    for (uint32_t j = 0; j < bytes[i]; ++j) hash = hash * 31 + input[j];
  }
  return hash;
}

int harness_model_invoke(void) {
  uint32_t before = input_hash();
  int status = (int)MODEL(invoke)(&harness_context);
  return input_hash() == before ? status : INPUT_CHANGED;
}
#else
int harness_model_invoke(void) { return (int)MODEL(invoke)(&harness_context); }
#endif
