#include <cstdio>
#include <cstring>

#include "keyword.h"
#include "keyword_vectors.h"

static keyword_context context;

int main() {
  for (int i = 0; i < KEYWORD_VECTORS; ++i) {
    std::memcpy(keyword_input(&context, 0), keyword_inputs[i], KEYWORD_INPUT_0_BYTES);
    if (keyword_invoke(&context) != keyword_ok ||
        std::memcmp(keyword_output(&context, 0), keyword_outputs[i], KEYWORD_OUTPUT_0_BYTES) != 0) {
      std::printf("vector %d differs\n", i);
      return 1;
    }
  }
  std::printf("%d vectors equal\n", KEYWORD_VECTORS);
  return 0;
}
