/* Runs a model on vectors in ROM and prints its outputs in hexadecimal, a line for each 32 bytes: an AVR processor in simavr. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/pgmspace.h>
#include <avr/sleep.h>

#include "net.h"
/* MODE, VECTORS, INPUT_BYTES and OUTPUT_BYTES in order, the inputs of all vectors */
#include "vectors.h"

enum mode { resident, preserve, stream, callback };

static net_context context;
static const uint16_t input_bytes[] = {INPUT_BYTES};
static const uint16_t output_bytes[] = {OUTPUT_BYTES};

static void put(char letter) {
  while ((UCSR0A & (1 << UDRE0)) == 0) {
  }
  UDR0 = static_cast<uint8_t>(letter);
}

static void print_hex(const void *data, uint16_t bytes) {
  const uint8_t *at = static_cast<const uint8_t *>(data);
  for (uint16_t i = 0; i < bytes; ++i) {
    put("0123456789abcdef"[at[i] >> 4]);
    put("0123456789abcdef"[at[i] & 15]);
    if (i % 32 == 31 || i + 1 == bytes) {
      put('\n');
    }
  }
}

#if MODE == 3
static int get(void *user, size_t offset, size_t count, NET_ELEMENT *out) {
  const uint8_t *from = *static_cast<const uint8_t **>(user) + offset * sizeof(NET_ELEMENT);
  memcpy_P(out, from, count * sizeof(NET_ELEMENT));
  return 0;
}
#endif

/* Writes the inputs that lie in the context; gives where those of the next vector are, and by `fed` the one that does not. */
static const uint8_t *write_inputs(const uint8_t *from, const uint8_t *&fed) {
  for (uint8_t i = 0; i < sizeof input_bytes / sizeof *input_bytes; ++i) {
    void *const input = net_input(&context, i);
    if (input == nullptr) {
      fed = from;
    } else {
      memcpy_P(input, from, input_bytes[i]);
    }
    from += input_bytes[i];
  }
  return from;
}

static bool run(const uint8_t *fed) {
#if MODE == 2
  static NET_ELEMENT unit[NET_UNIT_ELEMENTS];
  int status = net_more;
  for (int i = 0; i < NET_UNITS && status == net_more; ++i, fed += sizeof unit) {
    memcpy_P(unit, fed, sizeof unit);
    status = net_push(&context, unit, 1);
  }
  return status == net_ok;
#else
#if MODE == 3
  context.get_data = get;
  context.user = &fed;
#endif
  (void)fed;
  return net_invoke(&context) == net_ok;
#endif
}

int main() {
  UCSR0B = 1 << TXEN0;
  const uint8_t *from = vectors;
  for (int vector = 0; vector < VECTORS; ++vector) {
    const uint8_t *fed = nullptr;
    from = write_inputs(from, fed);
    if (!run(fed)) {
      put('!');
    }
    for (uint8_t i = 0; i < sizeof output_bytes / sizeof *output_bytes; ++i) {
      print_hex(net_output(&context, i), output_bytes[i]);
    }
  }
  /* asleep with interrupts off: the simulator ends */
  cli();
  sleep_enable();
  sleep_cpu();
}
