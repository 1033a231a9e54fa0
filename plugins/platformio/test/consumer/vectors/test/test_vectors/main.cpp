/* Golden vectors of two models that were compiled apart, in one program. */
#include <stdio.h>
#include <string.h>

#include "keyword.h"
#include "keyword_vectors.h"
#include "vibration.h"
#include "vibration_vectors.h"

static keyword_context keyword;
static vibration_context vibration;

static void report(const char *name, int vector, bool equal) {
  printf("%s %s vector %d\n", equal ? "ok" : "not ok", name, vector);
}

int main() {
  for (int i = 0; i < KEYWORD_VECTORS; ++i) {
    memcpy(keyword_input(&keyword, 0), keyword_inputs[i], KEYWORD_INPUT_0_BYTES);
    const bool ran = keyword_invoke(&keyword) == keyword_ok;
    report("keyword", i, ran && memcmp(keyword_output(&keyword, 0), keyword_outputs[i], KEYWORD_OUTPUT_0_BYTES) == 0);
  }
  for (int i = 0; i < VIBRATION_VECTORS; ++i) {
    memcpy(vibration_input(&vibration, 0), vibration_inputs[i], VIBRATION_INPUT_0_BYTES);
    const bool ran = vibration_invoke(&vibration) == vibration_ok;
    report("vibration", i,
           ran && memcmp(vibration_output(&vibration, 0), vibration_outputs[i], VIBRATION_OUTPUT_0_BYTES) == 0);
  }
  printf("done\n");
  return 0;
}
