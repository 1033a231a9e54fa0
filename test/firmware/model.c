/* Binds the model under test to the names that main.c calls. Being C, it proves the model's header to be C. */
#include "harness.h"
#include "harness_config.h"
#include HARNESS_MODEL_HEADER

#define PASTE(prefix, name) prefix##_##name
#define EXPAND(prefix, name) PASTE(prefix, name)
#define MODEL(name) EXPAND(HARNESS_MODEL_NAME, name)

/* In a section of its own, between guards. */
__attribute__((section(".bss.model_context"))) MODEL(context) harness_context;

/* Poison first: reset alone has to be enough. */
void harness_model_start(void) {
  volatile uint8_t *bytes = (volatile uint8_t *)&harness_context;
  for (uint32_t i = 0; i < sizeof harness_context; ++i) bytes[i] = 0xA5;
  MODEL(reset)(&harness_context);
}

void *harness_model_input(int index) { return MODEL(input)(&harness_context, index); }

const void *harness_model_output(int index) { return MODEL(output)(&harness_context, index); }

int harness_model_invoke(void) { return (int)MODEL(invoke)(&harness_context); }
