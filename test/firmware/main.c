/* Runs every vector of the file that the command line names, and reports.
   File: the number of vectors; of each vector all inputs, then all outputs. An output is its elements, and behind each
   float32 the lowest and the highest that will do, as ordered() has them: no float arithmetic here, nor its library. */
#include "harness.h"
#include "harness_config.h"

enum kind { SIGNED, UNSIGNED, FLOAT };
struct output {
  uint32_t elements;
  uint8_t element_bytes;
  uint8_t kind;
};

static const uint32_t inputs[] = HARNESS_INPUTS;
static const struct output outputs[] = HARNESS_OUTPUTS;
#define COUNT(table) ((int)(sizeof(table) / sizeof(table)[0]))

static void fail(const char *reason) {
  print_text(reason);
  print_text("\nresult failed\n");
  host_exit(1);
}

static void read(int file, void *data, uint32_t bytes) {
  if (host_read(file, data, bytes) != 0) fail("vectors end too early");
}

static int32_t load(const uint8_t *element, const struct output *output) {
  uint32_t bits = 0;
  for (int i = output->element_bytes - 1; i >= 0; --i) bits = bits << 8 | element[i];
  uint32_t sign = UINT32_C(1) << (8 * output->element_bytes - 1);
  return (int32_t)(output->kind == SIGNED ? (bits ^ sign) - sign : bits);
}

/* An integer for the bits of a float32, in the order of the floats; NaN of either sign comes last. */
static int32_t ordered(int32_t bits) {
  int32_t magnitude = bits & INT32_MAX;
  if (magnitude > 0x7F800000) return magnitude;
  return bits < 0 ? bits ^ INT32_MAX : bits;
}

static void print_value(int32_t value, const struct output *output) {
  if (output->kind == SIGNED) print_signed(value);
  if (output->kind == UNSIGNED) print_unsigned((uint32_t)value);
  if (output->kind == FLOAT) print_hex((uint32_t)value);
}

static void print_difference(uint32_t vector, int index, uint32_t element, int32_t got, int32_t want) {
  print_text("vector ");
  print_unsigned(vector);
  print_text(" output ");
  print_unsigned((uint32_t)index);
  print_text(" differs at ");
  print_unsigned(element);
  print_text(": got ");
  print_value(got, &outputs[index]);
  print_text(" want ");
  print_value(want, &outputs[index]);
  print_text("\n");
}

/* Compares one output with the file; prints the first difference, reads on to the end either way. */
static int compare(int file, uint32_t vector, int index) {
  const struct output *output = &outputs[index];
  const uint8_t *element = harness_model_output(index);
  if (element == 0) fail("the model has fewer outputs");
  int same = 1;
  for (uint32_t i = 0; i < output->elements; ++i, element += output->element_bytes) {
    uint8_t bytes[4];
    read(file, bytes, output->element_bytes);
    int32_t got = load(element, output), want = load(bytes, output);
    int right = got == want;
    if (output->kind == FLOAT) {
      int32_t range[2];
      read(file, range, sizeof range);
      right = range[0] <= ordered(got) && ordered(got) <= range[1];
    }
    if (same && !right) print_difference(vector, index, i, got, want);
    same &= right;
  }
  return same;
}

static void check_guards(void) {
  extern const uint8_t guard_low[], guard_low_end[], guard_high[], guard_high_end[];
  for (const uint8_t *p = guard_low; p < guard_low_end; ++p)
    if (*p != 0) fail("written below the context");
  for (const uint8_t *p = guard_high; p < guard_high_end; ++p)
    if (*p != 0) fail("written above the context");
}

static int nothing(void) { return 0; }

int main(void) {
  char path[80];
  if (host_command_line(path, sizeof path) != 0) fail("no command line");
  int file = host_open(path);
  if (file < 0) fail("no file of vectors");
  uint32_t vectors, stack = 0;
  read(file, &vectors, sizeof vectors);

  int status, ok = 1;
  machine_start_clock();
  struct span overhead = machine_time(nothing, &status), time = overhead;
  harness_model_start();
  for (uint32_t vector = 0; vector < vectors; ++vector) {
    for (int i = 0; i < COUNT(inputs); ++i) {
      void *input = harness_model_input(i);
      if (input == 0) fail("the model has fewer inputs");
      read(file, input, inputs[i]);
    }
    if (vector == 1) {
      time = machine_time(harness_model_invoke, &status);
    } else {
      uint32_t used = measure_stack(harness_model_invoke, &status);
      if (used > stack) stack = used;
    }
    int same = status == 0;
    if (status != 0) {
      print_text("invoke gave status ");
      print_signed(status);
      print_text("\n");
    }
    for (int i = 0; i < COUNT(outputs); ++i) same &= compare(file, vector, i);
    check_guards();
    if (same) {
      print_text("vector ");
      print_unsigned(vector);
      print_text(" ok\n");
    }
    ok &= same;
  }

  print_text("ticks ");
  print_unsigned(time.ticks - overhead.ticks);
  print_text(" polls ");
  print_signed((int32_t)(time.polls - overhead.polls));
  print_text("\nstack ");
  print_unsigned(stack);
  print_text(ok ? "\nresult ok\n" : "\nresult failed\n");
  return ok ? 0 : 1;
}
