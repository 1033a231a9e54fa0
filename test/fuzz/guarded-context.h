/* Memory for the context of a model, between guards. */
#ifndef FUZZ_GUARDED_CONTEXT_H
#define FUZZ_GUARDED_CONTEXT_H

#include <stdlib.h>

#include "runner.h"

#ifdef FUZZ_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#endif

/* Aligned as the context's type needs and no better. */
class guarded_context {
 public:
  explicit guarded_context(const fuzz_model &model) : bytes_(model.context_bytes) {
    const size_t front = GUARD_BYTES + model.context_alignment;
    size_ = front + bytes_ + GUARD_BYTES;
    memory_ = static_cast<uint8_t *>(aligned_alloc(GUARD_BYTES, (size_ + GUARD_BYTES - 1) / GUARD_BYTES * GUARD_BYTES));
    context_ = memory_ + front;
    memset(memory_, GUARD, size_);
    protect(true);
  }

  ~guarded_context() {
    protect(false);
    free(memory_);
  }

  guarded_context(const guarded_context &) = delete;
  guarded_context &operator=(const guarded_context &) = delete;

  uint8_t *get() { return context_; }

  void fill(uint8_t value) { memset(context_, value, bytes_); }

  bool intact() {
    protect(false);
    bool same = true;
    for (const uint8_t *at = memory_; at < memory_ + size_; at++) {
      same = same && (*at == GUARD || (at >= context_ && at < context_ + bytes_));
    }
    protect(true);
    return same;
  }

 private:
  static constexpr uint8_t GUARD = 0x5c;
  static constexpr size_t GUARD_BYTES = 64;

  void protect(bool on) {
#ifdef FUZZ_ADDRESS_SANITIZER
    const size_t front = static_cast<size_t>(context_ - memory_);
    if (on) {
      __asan_poison_memory_region(memory_, front);
      __asan_poison_memory_region(context_ + bytes_, GUARD_BYTES);
    } else {
      __asan_unpoison_memory_region(memory_, size_);
    }
#else
    (void)on;
#endif
  }

  size_t bytes_;
  size_t size_;
  uint8_t *memory_;
  uint8_t *context_;
};

#endif
