#include <cstdio>
#include <cstring>

#include "keyword.h"
#include "keyword_vectors.h"
#include "vibration.h"
#include "vibration_vectors.h"
#include "wake.h"

static_assert(KEYWORD_VECTORS == VIBRATION_VECTORS, "one loop runs all of them");

static keyword_context keyword;
static vibration_context vibration;
static wake_context wake;

/* Runs all three in turns, and counts the vectors that are right. */
int main() {
  int right = 0;
  for (int i = 0; i < KEYWORD_VECTORS; ++i) {
    std::memcpy(keyword_input(&keyword, 0), keyword_inputs[i], KEYWORD_INPUT_0_BYTES);
    std::memcpy(vibration_input(&vibration, 0), vibration_inputs[i], VIBRATION_INPUT_0_BYTES);
    std::memcpy(wake_input(&wake, 0), keyword_inputs[i], WAKE_INPUT_0_BYTES);
    if (keyword_invoke(&keyword) != keyword_ok) return 1;
    if (vibration_invoke(&vibration) != vibration_ok) return 1;
    if (wake_invoke(&wake) != wake_ok) return 1;
    right += std::memcmp(keyword_output(&keyword, 0), keyword_outputs[i], KEYWORD_OUTPUT_0_BYTES) == 0;
    right += std::memcmp(vibration_output(&vibration, 0), vibration_outputs[i], VIBRATION_OUTPUT_0_BYTES) == 0;
    right += std::memcmp(wake_output(&wake, 0), keyword_outputs[i], WAKE_OUTPUT_0_BYTES) == 0;
  }
  std::printf("%d vectors equal\n", right);
  return right == KEYWORD_VECTORS + VIBRATION_VECTORS + KEYWORD_VECTORS ? 0 : 1;
}
