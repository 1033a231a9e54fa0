/* Cortex-M: vectors, semihosting call, SysTick as the clock. */
#include "harness.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define SYST_CSR REGISTER(0xE000E010)
#define SYST_RVR REGISTER(0xE000E014)
#define SYST_CVR REGISTER(0xE000E018)
#define CPACR REGISTER(0xE000ED88)

enum { ENABLE = 1, INTERRUPT = 2, PROCESSOR_CLOCK = 4 };

/* Fewer bits than the 24 that there are, so that every longer run passes through the interrupt. */
#define CLOCK_BITS 20
#define CLOCK_MASK ((UINT32_C(1) << CLOCK_BITS) - 1)

static volatile uint32_t clock_periods;

void machine_entry(void) {
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
  CPACR |= 0xFU << 20;
  __asm__ volatile("dsb\n isb" ::: "memory");
#endif
  harness_start();
}

/* Reports the exception's number and, from the stacked frame, where it happened. */
__attribute__((naked)) static void fault_handler(void) {
  __asm__ volatile("mrs r0, ipsr\n ldr r1, [sp, #24]\n bl harness_fault");
}

static void clock_handler(void) { ++clock_periods; }

extern uint32_t stack_top[];
__attribute__((section(".vectors"), used)) static const struct {
  uint32_t *stack;
  void (*handlers[15])(void);
} vectors = {stack_top,
             {machine_entry, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler,
              fault_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler,
              clock_handler}};

int32_t machine_call_host(int32_t operation, const void *argument) {
  register int32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

void machine_start_clock(void) {
  SYST_RVR = CLOCK_MASK;
  SYST_CVR = 0;
  SYST_CSR = ENABLE | INTERRUPT | PROCESSOR_CLOCK;
}

void machine_hold_interrupts(int held) {
  if (held)
    __asm__ volatile("cpsid i" ::: "memory");
  else
    __asm__ volatile("cpsie i" ::: "memory");
}

/* The counter runs down; a period begins where it reaches 0 and interrupts. */
static uint32_t now(void) {
  uint32_t periods, value;
  do {
    periods = clock_periods;
    value = SYST_CVR;
  } while (periods != clock_periods);
  return (periods << CLOCK_BITS) + (-value & CLOCK_MASK);
}

/* Gives the rounds until the next tick, each of four instructions: a tick is many, the round is the finer measure. */
static uint32_t wait_for_tick(void) {
  uint32_t polls = 0, value, first = SYST_CVR;
  __asm__ volatile(
      ".syntax unified\n"
      "1: adds %0, #1\n"
      "ldr %1, [%2]\n"
      "cmp %1, %3\n"
      "beq 1b"
      : "+l"(polls), "=&l"(value)
      : "l"(&SYST_CVR), "l"(first)
      : "cc", "memory");
  return polls;
}

static uint32_t start;

void machine_begin(void) {
  wait_for_tick();
  start = now();
}

struct span machine_end(void) {
  struct span span;
  span.polls = wait_for_tick();
  span.ticks = now() - start;
  return span;
}

struct span machine_time(int (*function)(void), int *status) {
  machine_begin();
  *status = function();
  return machine_end();
}
