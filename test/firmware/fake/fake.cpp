#include "fake.h"

#include "fake_weights.h"

#ifdef __ARM_FEATURE_MVE
#include <arm_mve.h>
#endif

extern volatile uint32_t fake_outside;
volatile uint32_t fake_outside;

#ifdef FAKE_ROUNDS
/* Two instructions a round. */
static void loop(uint32_t rounds) {
#if defined(__riscv)
  __asm__ volatile("1: addi %0, %0, -1\n bnez %0, 1b" : "+r"(rounds));
#else
  __asm__ volatile(".syntax unified\n 1: subs %0, #1\n bne 1b" : "+l"(rounds)::"cc");
#endif
}
#endif

fake_status fake_invoke(fake_context *ctx) {
#ifdef FAKE_ROUNDS
  loop(FAKE_ROUNDS);
#endif
#ifdef FAKE_STACK
  volatile uint8_t block[FAKE_STACK];
  block[0] = 1;
  (void)block[0];
#endif
#ifdef FAKE_FAULT
  *reinterpret_cast<volatile uint32_t *>(0xF0000000) = 1;
#endif
#ifdef FAKE_OVERRUN
  reinterpret_cast<volatile uint8_t *>(ctx)[sizeof *ctx] = 1;
#endif
  const int32_t *weights = &fake_weights[(4 * ctx->calls) & 15];
#ifdef __ARM_FEATURE_MVE
  vstrbq_s32(ctx->sums, vaddq_s32(vldrbq_s32(ctx->input), vldrwq_s32(weights)));
#else
  for (int i = 0; i < 4; ++i) ctx->sums[i] = static_cast<int8_t>(ctx->input[i] + weights[i]);
#endif
  ctx->numbers[0] = 0.5f * static_cast<float>(ctx->calls);
  ctx->numbers[1] = 100.0f;
  ctx->calls += 1;
  fake_outside = ctx->calls;
  return fake_ok;
}

int8_t *fake_input(fake_context *ctx, int index) { return index == 0 ? ctx->input : nullptr; }

const void *fake_output(const fake_context *ctx, int index) {
  if (index == 0) return ctx->sums;
  if (index == 1) return ctx->numbers;
  return nullptr;
}

void fake_reset(fake_context *ctx) { ctx->calls = 0; }
