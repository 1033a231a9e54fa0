/* SPDX-License-Identifier: MIT-0 */
#include "features.h"

#include <math.h>

#include "sensor.h"

static const float TURN = 6.2831853f;
static const float LOWEST = 80;
static const float HIGHEST = 4000;

static float mel(float frequency) { return 2595 * log10f(1 + frequency / 700); }

/* Frequency of the peak of a band; that of -1 and of BANDS are where the first begins and the last ends. */
static float centre(int band) {
  const float step = (mel(HIGHEST) - mel(LOWEST)) / (BANDS + 1);
  return 700 * (powf(10, (mel(LOWEST) + step * static_cast<float>(band + 1)) / 2595) - 1);
}

/* Energy of a frame at `bin` times SAMPLE_RATE / FRAME, by Goertzel's algorithm. */
static float power(const float *frame, int bin) {
  const float coefficient = 2 * cosf(TURN * static_cast<float>(bin) / FRAME);
  float last = 0;
  float before = 0;
  for (int i = 0; i < FRAME; ++i) {
    const float now = frame[i] + coefficient * last - before;
    before = last;
    last = now;
  }
  return last * last + before * before - coefficient * last * before;
}

void log_mel(const int16_t *sound, float *bands) {
  static float centres[BANDS + 2];
  static float hann[FRAME];
  static float frame[FRAME];
  if (centres[0] == 0) { /* tables, at the first frame */
    for (int band = 0; band < BANDS + 2; ++band) {
      centres[band] = centre(band - 1);
    }
    for (int i = 0; i < FRAME; ++i) {
      hann[i] = 0.5f - 0.5f * cosf(TURN * static_cast<float>(i) / (FRAME - 1));
    }
  }
  for (int i = 0; i < FRAME; ++i) {
    frame[i] = hann[i] * static_cast<float>(sound[i]) / 32768;
  }
  for (int band = 0; band < BANDS; ++band) {
    bands[band] = 0;
  }
  for (int bin = 0; bin <= FRAME / 2; ++bin) {
    const float frequency = static_cast<float>(bin) * SAMPLE_RATE / FRAME;
    const float energy = power(frame, bin);
    for (int band = 0; band < BANDS; ++band) { /* a triangle from the peak before to the peak behind */
      const float rise = (frequency - centres[band]) / (centres[band + 1] - centres[band]);
      const float fall = (centres[band + 2] - frequency) / (centres[band + 2] - centres[band + 1]);
      bands[band] += energy * fmaxf(0, fminf(rise, fall));
    }
  }
  for (int band = 0; band < BANDS; ++band) {
    bands[band] = log10f(bands[band] + 1e-6f);
  }
}
