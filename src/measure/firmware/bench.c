/* Runs one network twice on the inputs of the file that the command line names, and reports the time of the second
   inference; with EONC_PROFILE, that of each operator as well. */
#include "harness.h"
#include "harness_config.h"
#include HARNESS_MODEL_HEADER

static const uint32_t inputs[] = HARNESS_INPUTS;
enum { INPUTS = sizeof inputs / sizeof inputs[0], RUNS = 2 };

static int nothing(void) { return 0; }

static void fail(const char *reason) {
  print_text(reason);
  print_text("\nresult failed\n");
  host_exit(1);
}

static void print_span(const char *what, struct span span) {
  print_text(what);
  print_unsigned(span.ticks);
  print_text(" polls ");
  print_signed((int32_t)span.polls);
  print_text("\n");
}

#ifdef EONC_PROFILE
/* Sums over the pieces of each operator. */
static struct {
  uint32_t pieces;
  struct span span;
} operators[HARNESS_OPERATORS + 1];

void MODEL(profile_begin)(int place) {
  (void)place;
  machine_begin();
}

void MODEL(profile_end)(int place) {
  struct span span = machine_end();
  ++operators[place].pieces;
  operators[place].span.ticks += span.ticks;
  operators[place].span.polls += span.polls;
}

/* What the hooks themselves take is in the last entry. */
static void start_operators(void) {
  for (int i = 0; i <= HARNESS_OPERATORS; ++i) {
    operators[i].pieces = 0;
    operators[i].span.ticks = operators[i].span.polls = 0;
  }
  MODEL(profile_begin)(HARNESS_OPERATORS);
  MODEL(profile_end)(HARNESS_OPERATORS);
}

static void print_operators(void) {
  for (int i = 0; i <= HARNESS_OPERATORS; ++i) {
    print_text(i < HARNESS_OPERATORS ? "operator " : "hooks ");
    print_unsigned(operators[i].pieces);
    print_span(" ticks ", operators[i].span);
  }
}
#else
static void start_operators(void) {}
static void print_operators(void) {}
#endif

int main(void) {
  char path[80];
  if (host_command_line(path, sizeof path) != 0) fail("no command line");
  int status;
  machine_start_clock();
  struct span hook = machine_time(nothing, &status), time = hook;
  harness_model_start();
  for (int run = 0; run < RUNS; ++run) {
    int file = host_open(path);
    if (file < 0) fail("no file of inputs");
    for (int i = 0; i < INPUTS; ++i) {
      void *input = harness_model_input(i);
      if (input == 0 || host_read(file, input, inputs[i]) != 0) fail("an input cannot be filled");
    }
    start_operators();
    time = machine_time(harness_model_invoke, &status);
    if (status != 0) fail("the inference gave an error");
  }
  time.ticks -= hook.ticks;
  time.polls -= hook.polls;
  print_span("ticks ", time);
  print_operators();
  print_text("result ok\n");
  return 0;
}
