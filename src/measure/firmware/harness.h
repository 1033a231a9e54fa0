/* Firmware around one model, for an emulator: takes inputs from a file of the host, runs the model, measures. Uses no C
   library at all, so that whatever the linker pulls in, the model pulled in. */
#ifndef HARNESS_H
#define HARNESS_H

#include <stdint.h>

/* Time of a call. Between two clock ticks, `ticks` apart, ran the call and `polls` rounds of a loop that waited for the
   second tick; how many instructions a tick and a round take is known to whoever reads the report. */
struct span {
  uint32_t ticks;
  uint32_t polls;
};

/* model.c: the model under test, bound to fixed names. */
void harness_model_start(void);
void *harness_model_input(int index);
const void *harness_model_output(int index);
int harness_model_invoke(void);

/* stack.c, of tests alone. Leaves the function's result in *status, as machine_time does. */
uint32_t measure_stack(int (*function)(void), int *status);

/* semihosting.c: the host's files and console. */
int host_command_line(char *text, uint32_t size);
int host_open(const char *path);
int host_read(int file, void *data, uint32_t bytes);
void host_exit(int status) __attribute__((noreturn));
void print_text(const char *text);
void print_unsigned(uint32_t value);
void print_signed(int32_t value);
void print_hex(uint32_t value);

/* startup.c */
void harness_start(void) __attribute__((noreturn));
void harness_fault(uint32_t cause, uint32_t address) __attribute__((noreturn));

/* arm.c, or riscv.c of tests: what depends on the machine. */
void machine_entry(void);
int32_t machine_call_host(int32_t operation, const void *argument);
void machine_start_clock(void);
void machine_hold_interrupts(int held);
struct span machine_time(int (*function)(void), int *status);
/* The same of what runs between two calls; arm.c alone. */
void machine_begin(void);
struct span machine_end(void);

static inline uintptr_t machine_stack_pointer(void) {
  uintptr_t pointer;
#if defined(__riscv)
  __asm__ volatile("mv %0, sp" : "=r"(pointer));
#else
  __asm__ volatile("mov %0, sp" : "=r"(pointer));
#endif
  return pointer;
}

int main(void);

#endif
