/* Compares three networks, two of which share an arena, with the vectors of the oracle. */
#include <stdio.h>
#include <string.h>

#include "keyword.h"
#include "keyword_vectors.h"
#include "vibration.h"
#include "vibration_vectors.h"
#include "wake.h"

static keyword_context keyword;
static vibration_context vibration;
static wake_context wake;
static both_arena arena;

int main(void) {
  int wrong = 0;
  int vectors = 0;
  for (int i = 0; i < KEYWORD_VECTORS; ++i, vectors += 2) {
    memcpy(keyword_input(&keyword, 0), keyword_inputs[i], KEYWORD_INPUT_0_BYTES);
    memcpy(wake_input(&wake, &arena, 0), keyword_inputs[i], WAKE_INPUT_0_BYTES);
    wrong += keyword_invoke(&keyword) != keyword_ok || wake_invoke(&wake, &arena) != wake_ok ||
             memcmp(keyword_output(&keyword, 0), keyword_outputs[i], KEYWORD_OUTPUT_0_BYTES) != 0 ||
             memcmp(wake_output(&wake, &arena, 0), keyword_outputs[i], WAKE_OUTPUT_0_BYTES) != 0;
  }
  for (int i = 0; i < VIBRATION_VECTORS; ++i, ++vectors) {
    memcpy(vibration_input(&vibration, &arena, 0), vibration_inputs[i], VIBRATION_INPUT_0_BYTES);
    wrong += vibration_invoke(&vibration, &arena) != vibration_ok ||
             memcmp(vibration_output(&vibration, &arena, 0), vibration_outputs[i], VIBRATION_OUTPUT_0_BYTES) != 0;
  }
  printf("%d of %d vectors wrong\n", wrong, vectors);
  return wrong;
}
