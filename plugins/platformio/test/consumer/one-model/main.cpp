#include <stdio.h>
#include <string.h>

#include "keyword.h"
#include "keyword_vectors.h"

static keyword_context context;

int main() {
  int equal = 0;
  for (int i = 0; i < KEYWORD_VECTORS; ++i) {
    memcpy(keyword_input(&context, 0), keyword_inputs[i], KEYWORD_INPUT_0_BYTES);
    if (keyword_invoke(&context) == keyword_ok &&
        memcmp(keyword_output(&context, 0), keyword_outputs[i], KEYWORD_OUTPUT_0_BYTES) == 0) {
      ++equal;
    }
  }
  printf("%d vectors equal\n", equal);
  return equal == KEYWORD_VECTORS ? 0 : 1;
}
