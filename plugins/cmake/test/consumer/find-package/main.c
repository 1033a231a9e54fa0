#include <math.h>
#include <stdio.h>
#include <string.h>

#include "curve.h"
#include "keyword.h"
#include "keyword_vectors.h"

static keyword_context keyword;
static curve_context curve;

int main(void) {
  for (int i = 0; i < KEYWORD_VECTORS; ++i) {
    memcpy(keyword_input(&keyword, 0), keyword_inputs[i], KEYWORD_INPUT_0_BYTES);
    if (keyword_invoke(&keyword) != keyword_ok) return 1;
    if (memcmp(keyword_output(&keyword, 0), keyword_outputs[i], KEYWORD_OUTPUT_0_BYTES) != 0) return 2;
  }
  for (int i = 0; i < CURVE_INPUT_0_ELEMENTS; ++i) curve_input(&curve, 0)[i] = 0.25f * (float)(i - 2);
  if (curve_invoke(&curve) != curve_ok) return 3;
  for (int i = 0; i < CURVE_OUTPUT_0_ELEMENTS; ++i) {
    const double real = tanh(0.25 * (i - 2)), found = (double)curve_output(&curve, 0)[i];
    if (!(fabs(real - found) <= 1e-5)) return 4;
  }
  printf("%d vectors equal, and a curve\n", KEYWORD_VECTORS);
  return 0;
}
