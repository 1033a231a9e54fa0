#include <stdio.h>
#include <string.h>

#include "keyword.h"
#include "keyword_vectors.h"

#ifdef EONC_CMSIS_NN
#define KERNELS "CMSIS-NN"
#else
#define KERNELS "kernels of our own"
#endif

static keyword_context context;

int main(void) {
  int wrong = 0;
  for (int i = 0; i < KEYWORD_VECTORS; ++i) {
    memcpy(keyword_input(&context, 0), keyword_inputs[i], KEYWORD_INPUT_0_BYTES);
    const int ok = keyword_invoke(&context) == keyword_ok &&
                   memcmp(keyword_output(&context, 0), keyword_outputs[i], KEYWORD_OUTPUT_0_BYTES) == 0;
    wrong += !ok;
  }
  printf("%d of %d vectors wrong, with %s\n", wrong, KEYWORD_VECTORS, KERNELS);
  return wrong != 0;
}
