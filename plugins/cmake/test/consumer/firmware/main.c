#include <stdio.h>
#include <string.h>

#include "keyword.h"
#include "keyword_vectors.h"
#include "vibration.h"
#include "vibration_vectors.h"

static keyword_context keyword;
static vibration_context vibration;

int main(void) {
  int wrong = 0;
  for (int i = 0; i < KEYWORD_VECTORS; ++i) {
    memcpy(keyword_input(&keyword, 0), keyword_inputs[i], KEYWORD_INPUT_0_BYTES);
    if (keyword_invoke(&keyword) != keyword_ok) return 1;
    wrong += memcmp(keyword_output(&keyword, 0), keyword_outputs[i], KEYWORD_OUTPUT_0_BYTES) != 0;
  }
  for (int i = 0; i < VIBRATION_VECTORS; ++i) {
    memcpy(vibration_input(&vibration, 0), vibration_inputs[i], VIBRATION_INPUT_0_BYTES);
    if (vibration_invoke(&vibration) != vibration_ok) return 1;
    wrong += memcmp(vibration_output(&vibration, 0), vibration_outputs[i], VIBRATION_OUTPUT_0_BYTES) != 0;
  }
  printf("%d of %d vectors wrong\n", wrong, KEYWORD_VECTORS + VIBRATION_VECTORS);
  return wrong;
}
