/* A model by hand, with faults on request, that tests the harness itself. */
#ifndef FAKE_H
#define FAKE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { fake_ok = 0 } fake_status;

typedef struct {
  int8_t input[4];
  int8_t sums[4];
  float numbers[2];
  uint32_t calls;
} fake_context;

fake_status fake_invoke(fake_context *ctx);
int8_t *fake_input(fake_context *ctx, int index);
const void *fake_output(const fake_context *ctx, int index);
void fake_reset(fake_context *ctx);

#ifdef __cplusplus
}
#endif

#endif
