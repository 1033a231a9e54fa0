/* Measures the stack that a call uses, by painting. */
#include "harness.h"

#define PATTERN UINT32_C(0x5AFE57AC)
#define MOST_PAINTED 65536

/* Bytes of stack below this function's own frame that `function` wrote. */
__attribute__((noinline)) uint32_t measure_stack(int (*function)(void), int *status) {
  extern uint32_t stack_limit[];
  uintptr_t top = machine_stack_pointer(), bottom = (uintptr_t)stack_limit;
  if (top - bottom > MOST_PAINTED) bottom = top - MOST_PAINTED;
  for (volatile uint32_t *word = (uint32_t *)bottom; (uintptr_t)word < top; ++word) *word = PATTERN;
  machine_hold_interrupts(1); /* what they stack is none of the function's */
  *status = function();
  machine_hold_interrupts(0);
  volatile uint32_t *word = (uint32_t *)bottom;
  if (*word != PATTERN) {
    print_text("stack overflow\n");
    host_exit(1);
  }
  while ((uintptr_t)word < top && *word == PATTERN) ++word;
  return (uint32_t)(top - (uintptr_t)word);
}
