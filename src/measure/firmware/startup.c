/* From reset to main, the part that all machines share. Static constructors are not run: link.ld refuses them. */
#include "harness.h"

void harness_start(void) {
  extern uint32_t data_load[], data_start[], data_end[], bss_start[], bss_end[];
  const uint32_t *from = data_load;
  for (uint32_t *to = data_start; to < data_end;) *to++ = *from++;
  for (uint32_t *to = bss_start; to < bss_end;) *to++ = 0;
  host_exit(main());
}

void harness_fault(uint32_t cause, uint32_t address) {
  print_text("fault ");
  print_unsigned(cause);
  print_text(" at ");
  print_hex(address);
  print_text("\nresult failed\n");
  host_exit(2);
}
