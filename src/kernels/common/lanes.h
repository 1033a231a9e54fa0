#pragma once
/* Windows whose output takes the place of their input, one channel (a lane) after the other. */
#include <stdint.h>

#include "window.h"

/** Results of one lane on their way to where they belong: each waits until so many more have come. */
template <typename Element>
struct eonc_lane {
  Element *output;   /* where the next one goes */
  int32_t step;      /* elements from its place to that of the next */
  Element *queue;    /* those that wait: a ring */
  int32_t delay;     /* its elements */
  int32_t oldest;    /* the one that goes next, once all are there */
  int32_t remaining; /* elements of the ring that are still free */
};

/** Takes the next result, which puts the oldest one that waits into its place. */
template <typename Element>
static inline void eonc_put(eonc_lane<Element> &lane, Element result) {
  if (lane.delay > 0) {
    Element &place = lane.queue[lane.oldest];
    lane.oldest = lane.oldest + 1 == lane.delay ? 0 : lane.oldest + 1;
    if (lane.remaining > 0) {
      --lane.remaining;
      place = result;
      return;
    }
    const Element next = place;
    place = result;
    result = next;
  }
  *lane.output = result;
  lane.output += lane.step;
}

/** Puts all results into their places that still wait: there are as many as the queue has elements. */
template <typename Element>
static inline void eonc_put_rest(eonc_lane<Element> &lane) {
  for (int32_t i = lane.delay; i > 0; --i) {
    eonc_put(lane, Element());
  }
}

/**
 * A window over one image whose output takes its place, channel by channel: `kernel(rows, columns, input, channel)` is
 * the
 * result of one channel at one position, `input` its first tap inside. `queue` has room for `delay` results, which is
 * how
 * far a result is at most behind the first pixel that it reads, and less than there are.
 */
template <typename Element, typename Kernel>
static inline void eonc_lanes(const eonc_window &window, Element *tensor, Element *queue, int32_t delay,
                              const Kernel &kernel) {
  const int32_t channels = window.input_channels;
  for (int32_t channel = 0; channel < channels; ++channel) {
    eonc_lane<Element> lane = {tensor + channel, channels, queue, delay, 0, delay};
    for (int32_t y = 0; y < window.output_height; ++y) {
      const eonc_rows<Element> rows = eonc_window_rows(window, static_cast<const Element *>(tensor), 0, y);
      int32_t first = -window.padding_left;
      for (int32_t x = 0; x < window.output_width; ++x, first += window.stride_width) {
        const eonc_taps columns =
            eonc_valid_taps(first, window.dilation_width, window.filter_width, window.input_width);
        const int32_t column = eonc_first_position(first, window.dilation_width, columns);
        eonc_put(lane, kernel(rows, columns, rows.data + column * channels + channel, channel));
      }
    }
    eonc_put_rest(lane);
  }
}
