#include <stdio.h>
#include <string.h>

#include "keyword.h"
#include "keyword_vectors.h"
#include "recognizer.h"

int main(void) {
  for (int i = 0; i < KEYWORD_VECTORS; ++i) {
    int8_t scores[KEYWORD_OUTPUT_0_ELEMENTS];
    if (recognize(keyword_inputs[i], scores) != 0 || memcmp(scores, keyword_outputs[i], sizeof scores) != 0) {
      printf("vector %d differs\n", i);
      return 1;
    }
  }
  printf("%d vectors equal\n", KEYWORD_VECTORS);
  return 0;
}
