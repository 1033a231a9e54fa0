/* Runs the network once, on inputs of zero, and prints its first output. */
#include <stdio.h>
#include <string.h>

#include "network.h"

static network_context context;

int main(void) {
  memset(network_input(&context, 0), 0, NETWORK_INPUT_0_BYTES);
  if (network_invoke(&context) != network_ok) {
    return 1;
  }
  const int8_t *const scores = (const int8_t *)network_output(&context, 0);
  for (int i = 0; i < NETWORK_OUTPUT_0_ELEMENTS; ++i) {
    printf("%d: %d\n", i, scores[i]);
  }
  printf("%u bytes of RAM\n", (unsigned)sizeof context);
  return 0;
}
