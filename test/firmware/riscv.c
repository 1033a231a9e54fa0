/* RV32: entry and traps, semihosting call, the counter of retired instructions as the clock. */
#include "harness.h"

__attribute__((naked, used, aligned(4))) static void trap(void) {
  __asm__ volatile(
      ".option arch, +zicsr\n"
      "csrr a0, mcause\n"
      "csrr a1, mepc\n"
      "j harness_fault");
}

__attribute__((naked, used, section(".vectors"))) void machine_entry(void) {
  __asm__ volatile(
      ".option arch, +zicsr\n"
      ".option push\n"
      ".option norelax\n"
      "la gp, __global_pointer$\n"
      ".option pop\n"
      "la sp, stack_top\n"
      "la t0, trap\n"
      "csrw mtvec, t0\n"
      "j harness_start");
}

/* The three instructions that make a breakpoint a semihosting call have to stand uncompressed in one page. */
__attribute__((naked, noinline, aligned(16))) int32_t machine_call_host(int32_t operation, const void *argument) {
  (void)operation;
  (void)argument;
  __asm__ volatile(
      ".option push\n"
      ".option norvc\n"
      "slli zero, zero, 0x1f\n"
      "ebreak\n"
      "srai zero, zero, 7\n"
      ".option pop\n"
      "ret");
}

void machine_start_clock(void) {}

void machine_hold_interrupts(int held) { (void)held; }

static uint32_t now(void) {
  uint32_t count;
  __asm__ volatile(".option arch, +zicsr\n csrr %0, minstret" : "=r"(count)::"memory");
  return count;
}

struct span machine_time(int (*function)(void), int *status) {
  uint32_t start = now();
  *status = function();
  return (struct span){now() - start, 0};
}
