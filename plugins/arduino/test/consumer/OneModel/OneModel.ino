/* Golden vectors of a model on the smallest board. */
#include <eonc_vibration.h>

#define VECTOR_ROM PROGMEM
#include "vibration_vectors.h"

static vibration_context vibration;

/* How many of the expected elements, which lie in ROM, differ. */
static int differing(const int8_t *outputs, const int8_t *expected, int count) {
  int wrong = 0;
  for (int i = 0; i < count; ++i) {
    int8_t value;
    memcpy_P(&value, expected + i, 1);
    wrong += outputs[i] != value;
  }
  return wrong;
}

static void report(const char *name, int vector, int wrong) {
  Serial.print(name);
  Serial.print(' ');
  Serial.print(vector);
  Serial.println(wrong == 0 ? " equal" : " differs");
}

void setup() { Serial.begin(115200); }

void loop() {
  for (int i = 0; i < VIBRATION_VECTORS; ++i) {
    memcpy_P(vibration_input(&vibration, 0), vibration_inputs[i], VIBRATION_INPUT_0_BYTES);
    const bool ran = vibration_invoke(&vibration) == vibration_ok;
    report("vibration", i,
           ran ? differing(vibration_output(&vibration, 0), vibration_outputs[i], VIBRATION_OUTPUT_0_BYTES) : -1);
  }
  Serial.println("done");
  Serial.flush();
#ifdef __AVR__
  /* asleep with interrupts off: the simulator ends */
  delay(2);
  cli();
  SMCR = 1;
  __asm__ volatile("sleep");
#endif
}
