/* Start of a Cortex-M4F: floating-point unit on, data copied, memory cleared. Output goes to QEMU by semihosting. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

extern char data_load[], data_start[], data_end[], bss_start[], bss_end[], stack_top[];

void initialise_monitor_handles(void);
int main(void);

void Reset_Handler(void) {
  volatile uint32_t *const coprocessor_access = (volatile uint32_t *)0xE000ED88;
  *coprocessor_access |= 0xFu << 20;
  __asm volatile("dsb\n\tisb");
  memcpy(data_start, data_load, (size_t)(data_end - data_start));
  memset(bss_start, 0, (size_t)(bss_end - bss_start));
  initialise_monitor_handles();
  exit(main());
}

/* called by the C library's exit */
void _fini(void) {}

static void fault(void) { abort(); }

__attribute__((section(".vectors"), used)) static const void *const vectors[16] = {
    stack_top,           (const void *)Reset_Handler, (const void *)fault, (const void *)fault,
    (const void *)fault, (const void *)fault,         (const void *)fault};
