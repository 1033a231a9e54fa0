/* The host by semihosting: the command line, files to read, the console, the end. Numbers are printed without division,
   which small cores take from the library. */
#include "harness.h"

enum { OPEN = 0x01, WRITE0 = 0x04, READ = 0x06, GET_CMDLINE = 0x15, EXIT_EXTENDED = 0x20 };
enum { OPEN_BINARY = 1, APPLICATION_EXIT = 0x20026 };

/* Gives 0 when the whole line fits. */
int host_command_line(char *text, uint32_t size) {
  uintptr_t block[] = {(uintptr_t)text, size};
  return (int)machine_call_host(GET_CMDLINE, block);
}

/* Gives a handle, or -1. */
int host_open(const char *path) {
  uint32_t length = 0;
  while (path[length] != 0) ++length;
  uintptr_t block[] = {(uintptr_t)path, OPEN_BINARY, length};
  return (int)machine_call_host(OPEN, block);
}

/* Gives how many bytes were missing. */
int host_read(int file, void *data, uint32_t bytes) {
  uintptr_t block[] = {(uintptr_t)file, (uintptr_t)data, bytes};
  return bytes == 0 ? 0 : (int)machine_call_host(READ, block);
}

void host_exit(int status) {
  uintptr_t block[] = {APPLICATION_EXIT, (uintptr_t)status};
  for (;;) machine_call_host(EXIT_EXTENDED, block);
}

void print_text(const char *text) { machine_call_host(WRITE0, text); }

void print_unsigned(uint32_t value) {
  static const uint32_t powers[] = {1000000000, 100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1};
  char text[11], *end = text;
  for (int i = 0; i < 10; ++i) {
    char digit = '0';
    for (; value >= powers[i]; value -= powers[i]) ++digit;
    if (digit != '0' || end != text || i == 9) *end++ = digit;
  }
  *end = 0;
  print_text(text);
}

void print_signed(int32_t value) {
  if (value < 0) print_text("-");
  print_unsigned(value < 0 ? -(uint32_t)value : (uint32_t)value);
}

void print_hex(uint32_t value) {
  char text[11] = "0x";
  for (int i = 0; i < 8; ++i) text[2 + i] = "0123456789abcdef"[value >> (28 - 4 * i) & 15];
  print_text(text);
}
