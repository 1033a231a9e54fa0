#pragma once
/* Random numbers, and memory that ends where what a kernel reads ends. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Pseudo-random numbers from a seed. */
class random_source {
 public:
  explicit random_source(uint32_t seed) : state(seed * 2654435761u + 1u) { below(2); }

  int32_t below(int32_t bound) {
    state += 0x9e3779b9u;
    uint32_t mixed = (state ^ (state >> 16)) * 0x85ebca6bu;
    mixed = (mixed ^ (mixed >> 13)) * 0xc2b2ae35u;
    mixed ^= mixed >> 16;
    return static_cast<int32_t>(static_cast<uint64_t>(mixed) * static_cast<uint32_t>(bound) >> 32);
  }
  int32_t between(int32_t least, int32_t most) { return least + below(most - least + 1); }
  /* True once in so many times. */
  bool chance(int32_t times) { return below(times) == 0; }

 private:
  uint32_t state;
};

/* The last memory that there is, given out in pieces: one of the first few is that which ends with it. */
class memory {
 public:
  explicit memory(uint32_t seed) : last(seed % 4) {
    end = reinterpret_cast<int8_t *>(__builtin_wasm_memory_size(0) * 65536);
    top = end - (1 << 20);
  }

  int8_t *take(int32_t bytes) {
    if (taken++ == last) {
      return end - bytes;
    }
    top -= (bytes + 31) & ~15;
    return top;
  }

 private:
  int8_t *top;
  int8_t *end;
  uint32_t last;
  uint32_t taken = 0;
};

/* Bytes of all values, or of the extreme ones. */
inline int8_t *random_bytes(random_source &random, memory &free, int32_t count) {
  int8_t *const bytes = free.take(count);
  const int32_t style = random.below(4);
  for (int32_t i = 0; i < count; ++i) {
    const int32_t extreme = random.chance(2) ? -128 : 127;
    bytes[i] = static_cast<int8_t>(style == 0 ? extreme : style == 1 ? -128 : random.between(-128, 127));
  }
  return bytes;
}

/* Biases: few, large, or near the ends of int32, where sums wrap. Aligned for int32 wherever they lie. */
inline int32_t *random_biases(random_source &random, memory &free, int32_t count) {
  int32_t *const biases = reinterpret_cast<int32_t *>(free.take(4 * count));
  const int32_t style = random.below(6);
  for (int32_t i = 0; i < count; ++i) {
    const int32_t far = random.chance(2) ? INT32_MIN + random.below(1000) : INT32_MAX - random.below(1000);
    biases[i] = style == 0 ? far : style == 1 ? random.between(-(1 << 24), 1 << 24) : random.between(-9999, 9999);
  }
  return biases;
}

/* A few small values of a type. */
template <typename Element>
Element *small_values(random_source &random, memory &free, int32_t count, int32_t least, int32_t most) {
  Element *const values = reinterpret_cast<Element *>(free.take(count * static_cast<int32_t>(sizeof(Element))));
  for (int32_t i = 0; i < count; ++i) {
    values[i] = static_cast<Element>(random.between(least, most));
  }
  return values;
}

inline int8_t *small_bytes(random_source &random, memory &free, int32_t count) {
  return small_values<int8_t>(random, free, count, random.below(2) - 1, random.below(2));
}

inline int32_t *small_biases(random_source &random, memory &free, int32_t count) {
  return small_values<int32_t>(random, free, count, -9, 9);
}

inline int8_t *small_shifts(random_source &random, memory &free, int32_t count) {
  return small_values<int8_t>(random, free, count, -3, 2);
}

/* A multiplier from 2^30 to 2^31 - 1; the powers of two and their neighbours give ties. */
inline int32_t random_multiplier(random_source &random) {
  const int32_t half = INT32_C(1) << 30;
  switch (random.below(6)) {
    case 0:
      return half;
    case 1:
      return INT32_MAX;
    case 2:
      return half + (INT32_C(1) << random.below(30));
    case 3:
      return random.chance(20) ? 0 : half + 1;
    default:
      return half + random.below(half);
  }
}

inline int32_t *random_multipliers(random_source &random, memory &free, int32_t count) {
  int32_t *const multipliers = reinterpret_cast<int32_t *>(free.take(4 * count));
  for (int32_t i = 0; i < count; ++i) {
    multipliers[i] = random_multiplier(random);
  }
  return multipliers;
}

/* Shifts that bring sums of `products` to the range of int8, and any others from -31 to 30. */
inline int8_t *random_shifts(random_source &random, memory &free, int32_t count, int32_t products) {
  int8_t *const shifts = free.take(count);
  int32_t usual = -5;
  for (; products > 1; products /= 4) {
    --usual;
  }
  const bool wild = random.chance(5);
  for (int32_t i = 0; i < count; ++i) {
    shifts[i] = static_cast<int8_t>(wild ? random.between(-31, 30) : usual - random.below(3));
  }
  return shifts;
}

/* An output's zero point and limits. */
inline void random_limits(random_source &random, int16_t &zero_point, int16_t &low, int16_t &high) {
  zero_point = static_cast<int16_t>(random.between(-128, 127));
  const bool narrow = random.chance(3);
  low = static_cast<int16_t>(narrow ? random.between(-128, 0) : -128);
  high = static_cast<int16_t>(narrow ? random.between(low, 127) : 127);
}

/* Two results of so many bytes, with guard bytes around them. */
class outputs {
 public:
  outputs(memory &free, int32_t bytes) : guarded(static_cast<size_t>(bytes + 2 * guard)) {
    const int32_t total = 2 * bytes + 6 * guard;
    uint8_t *const both = reinterpret_cast<uint8_t *>(free.take(total));
    memset(both, colour, static_cast<size_t>(total));
    begin = both + (16 - reinterpret_cast<uintptr_t>(both) % 16);
    second = begin + ((guarded + 15) & ~static_cast<size_t>(15));
    expected = reinterpret_cast<int8_t *>(begin + guard);
    actual = reinterpret_cast<int8_t *>(second + guard);
  }

  bool equal() const { return memcmp(begin, second, guarded) == 0 && second[0] == colour; }
  int32_t *expected_words() { return reinterpret_cast<int32_t *>(expected); }
  int32_t *actual_words() { return reinterpret_cast<int32_t *>(actual); }

  int8_t *expected;
  int8_t *actual;

 private:
  static constexpr int32_t guard = 16;
  static const uint8_t colour = 0xa5;
  uint8_t *begin;
  uint8_t *second;
  size_t guarded; /* bytes of a result with its guards */
};
