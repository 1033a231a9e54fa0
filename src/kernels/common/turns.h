#pragma once
/* The order in which the operators of a cascade take turns, as a list of (repeats, length, entries...). */
#include <stdint.h>

#include "rom.h"

/** A place in such a list. All zero: its begin. */
struct eonc_turn {
  int32_t at;     /* where the group begins in the list */
  int32_t repeat; /* how often it has been gone through */
  int32_t place;  /* entries of it that are done */
};

/** The entry that is next. */
template <typename Entry>
static inline Entry eonc_entry(const eonc_turn &turn, eonc_rom<Entry> list) {
  return list[turn.at + 2 + turn.place];
}

/** On to the next entry; true when a group is done with. */
template <typename Entry>
static inline bool eonc_next_turn(eonc_turn &turn, eonc_rom<Entry> list) {
  const eonc_rom<Entry> group = list + turn.at;
  if (++turn.place < group[1]) {
    return false;
  }
  turn.place = 0;
  if (++turn.repeat < group[0]) {
    return false;
  }
  turn.repeat = 0;
  turn.at += 2 + group[1];
  return true;
}
