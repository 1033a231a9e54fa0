/* SPDX-License-Identifier: MIT-0 */
#include "features.h"

#include <math.h>

#include "sensor.h"

/* Bands by the frequencies where they begin and end, in multiples of SAMPLE_RATE / WINDOW: from 12 to 1600 Hz. */
static const int edges[] = {2, 3, 5, 8, 12, 18, 32, 64, 128, 256};
static const int BANDS = 9;
static const float TURN = 6.2831853f;

/* Not all boards' libraries have log2f. */
static float binary_logarithm(float value) { return 3.3219281f * log10f(value); }

/* Energy at `bin` times SAMPLE_RATE / WINDOW under a Hann window, by Goertzel's algorithm. */
static float power(const float *signal, int bin) {
  const float coefficient = 2 * cosf(TURN * static_cast<float>(bin) / WINDOW);
  float last = 0;
  float before = 0;
  for (int i = 0; i < WINDOW; ++i) {
    const float hann = 0.5f - 0.5f * cosf(TURN * static_cast<float>(i) / (WINDOW - 1));
    const float now = signal[i] * hann + coefficient * last - before;
    before = last;
    last = now;
  }
  return last * last + before * before - coefficient * last * before;
}

void features_of(const float *signal, float *features) {
  float square = 0;
  float fourth = 0;
  float peak = 0;
  for (int i = 0; i < WINDOW; ++i) {
    const float energy = signal[i] * signal[i];
    square += energy / WINDOW;
    fourth += energy * energy / WINDOW;
    peak = fmaxf(peak, fabsf(signal[i]));
  }
  float bands[BANDS];
  float sum = 0;
  for (int band = 0; band < BANDS; ++band) {
    bands[band] = 0;
    for (int bin = edges[band]; bin < edges[band + 1]; ++bin) {
      bands[band] += power(signal, bin);
    }
    sum += bands[band];
  }
  const float level = sqrtf(square);
  *features++ = log10f(level) * 2 + 1;
  *features++ = binary_logarithm(peak / level) - 1;
  *features++ = binary_logarithm(fourth / (square * square)) - 1;
  for (int band = 0; band < BANDS; ++band) {
    *features++ = log10f(bands[band] / sum + 1e-4f) + 2;
  }
}
