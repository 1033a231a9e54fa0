/* Runs one inference of tiny on inputs of zero and prints the outputs. SPDX-License-Identifier: MIT-0 */
#include <stdio.h>
#include <string.h>

#include "tiny.h"

/* All the RAM that the network needs, stack apart: 8 bytes. */
static tiny_context context;

int main() {
  /* input 0: int8 1x4 */
  memset(tiny_input(&context, 0), 0, TINY_INPUT_0_BYTES);

  const tiny_status status = tiny_invoke(&context);
  if (status != tiny_ok) {
    printf("tiny_invoke failed: %d\n", static_cast<int>(status));
    return 1;
  }

  /* output 0: int8 1x3 */
  const int8_t *const output_0 = static_cast<const int8_t *>(tiny_output(&context, 0));
  for (int i = 0; i < TINY_OUTPUT_0_ELEMENTS; ++i) {
    const double real =
        static_cast<double>(TINY_OUTPUT_0_SCALE) * (output_0[i] - TINY_OUTPUT_0_ZERO_POINT);
    printf("output 0[%d] = %d (%g)\n", i, static_cast<int>(output_0[i]), real);
  }
  return 0;
}
